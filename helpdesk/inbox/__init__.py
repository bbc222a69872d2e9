"""What agents read: the list, the counts beside the views, one conversation, the customer panel. Never writes."""

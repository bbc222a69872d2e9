"""What agents read: the list, the counts beside it, one conversation, the customer panel. Never writes."""

"""The background: recurring work in one task group, and the mailboxes that are read."""

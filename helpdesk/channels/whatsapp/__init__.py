"""WhatsApp Cloud API: messages, statuses, templates outside of the day that is free."""

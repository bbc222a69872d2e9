"""LINE Messaging API: events by webhook, answers by reply token while it lasts, by push after that."""

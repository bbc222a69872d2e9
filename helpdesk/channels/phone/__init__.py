"""Text messages and calls by Twilio, calls by Aircall: what is said by telephone stands in the inbox too."""

"""Replies leave, with retries, once; and what is heard of them afterwards."""

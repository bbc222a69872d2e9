"""Telegram bots: updates by webhook with a secret in a header."""

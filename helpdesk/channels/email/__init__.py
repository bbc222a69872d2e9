"""The e-mail channel: raw bytes to readable messages and back."""

"""The way in: raw bytes are journalled first, then become a message on a ticket of a customer."""

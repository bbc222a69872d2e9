"""Full-text search that finds two-character Japanese words, the same on SQLite and PostgreSQL."""

from helpdesk.store.search.index import find, put

__all__ = ["find", "put"]

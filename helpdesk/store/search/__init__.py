"""Full-text search that finds two-character Japanese words, the same on SQLite and PostgreSQL."""

from helpdesk.store.search.index import NEWEST, find, newest, newest_of_each, put, put_new, tickets_of
from helpdesk.store.search.words import Word, word, words

__all__ = [
    "NEWEST",
    "Word",
    "find",
    "newest",
    "newest_of_each",
    "put",
    "put_new",
    "tickets_of",
    "word",
    "words",
]

"""Whose fault an exception is: the message's, another worker's, or that of what the helpdesk stands on."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

AWAY = ("08", "53", "55", "57", "58")  # classes of SQLSTATE: connection, resources, locks, operator, system
RACES = ("40001", "40P01")  # serialization failure, deadlock


def surroundings_fault(error: Exception) -> bool:
    """The database is away or busy, or the disk is full: the message is well and can be tried again."""
    if isinstance(error, PoolTimeout | OSError):
        return True
    if not isinstance(error, DBAPIError) or lost_race(error):
        return False
    state = _state(error)
    if state is None:  # SQLite, or a connection that broke before the server said anything
        return error.connection_invalidated or isinstance(error, OperationalError)
    return error.connection_invalidated or state.startswith(AWAY)


def lost_race(error: Exception) -> bool:
    """Another worker wrote the same customer or message at the same moment; run again."""
    return isinstance(error, IntegrityError) or (isinstance(error, DBAPIError) and _state(error) in RACES)


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)

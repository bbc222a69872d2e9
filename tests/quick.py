"""What makes a test's database cheap and leaves it the same: nothing is compiled twice, nothing waits for a disk."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any

from pydantic._internal import _fields
from sqlalchemy import Engine, event

from helpdesk.store.db import Database

# Asked anew for each default of each row that is made, from the signature: nearly half of what making one costs.
_fields.takes_validated_data_argument = cache(_fields.takes_validated_data_argument)  # type: ignore[assignment]
_first: dict[str, Engine] = {}  # one that has connected, for each kind of database


def lend(database: Database) -> None:
    """What this database has learnt to say is for all that follow. It must have been connected once."""
    _first[database.engine.dialect.name] = database.engine


def settle_down() -> None:
    """What has been imported stays until the end: no search for garbage need walk through it."""
    gc.collect()
    gc.freeze()


def quicken(database: Database) -> Database:
    for engine in {database._reader, database._writer}:
        first = _first[engine.dialect.name]
        # Statements stand in a cache under the dialect that compiled them.
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
        if database.sqlite:
            event.listen(engine, "connect", _trust_the_machine)
    return database


def _trust_the_machine(connection: Any, _record: Any) -> None:
    """Killed processes lose nothing by it; that what is committed outlives a loss of power is not tested here."""
    connection.execute("PRAGMA synchronous=OFF")

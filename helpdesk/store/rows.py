"""Many rows in one statement, past the way by which rows become objects: where hundreds a second come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Update, bindparam, insert, update
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import SQLModel

from helpdesk.models import new_key
from helpdesk.models.base import Keyed
from helpdesk.store.db import Unit

Row = Mapping[str, Any]
AT_ONCE = 500


def put(unit: Unit, table: type[Keyed], rows: Sequence[Row]) -> list[int]:
    """New rows, all with the same columns; what they leave out gets its default. Their ids, in their order."""
    if not rows:
        return []
    given = [{"key": new_key(), **row} for row in rows]
    made = unit.session.connection().execute(_insert(table), given)
    ids = {key: pk for pk, key in made}  # a database returns them as it pleases
    return [ids[row["key"]] for row in given]


def add(unit: Unit, table: type[SQLModel], rows: Sequence[Row]) -> None:
    """The same where nobody asks for ids."""
    if rows:
        unit.session.connection().execute(_plain_insert(table), list(rows))


def add_missing(
    unit: Unit, table: type[Keyed], rows: Sequence[Row], *, same: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """New rows but for those that are there already by the unique columns `same`: these and the id of each new one."""
    made: list[tuple[Any, ...]] = []
    statement = _insert_missing(table, same, unit.sqlite)
    for start in range(0, len(rows), AT_ONCE):
        given = [{"key": new_key(), **row} for row in rows[start : start + AT_ONCE]]
        made += [tuple(one) for one in unit.session.connection().execute(statement, given)]
    return made


def change(unit: Unit, table: type[SQLModel], rows: Sequence[Row], *, by: Sequence[str] = ("id",)) -> None:
    """Each row names the one that it changes by the columns `by`, and what becomes of it."""
    if not rows:
        return
    names = tuple(name for name in rows[0] if name not in by)
    given = [{f"b_{name}": value for name, value in row.items()} for row in rows]
    unit.session.connection().execute(_update(table, tuple(by), names), given)


@cache
def _insert(table: type[SQLModel]) -> Any:
    columns = _columns(table)
    return insert(columns).returning(columns.c.id, columns.c.key)


@cache
def _insert_missing(table: type[SQLModel], same: tuple[str, ...], sqlite: bool) -> Any:
    columns = _columns(table)
    if sqlite:
        plain: Any = insert_sqlite(columns)
    else:
        from sqlalchemy.dialects.postgresql import insert as insert_server  # loaded where it is spoken

        plain = insert_server(columns)
    known = [columns.c[name] for name in same]
    return plain.on_conflict_do_nothing(index_elements=known).returning(*known, columns.c.id)


@cache
def _plain_insert(table: type[SQLModel]) -> Insert:
    return insert(_columns(table))


@cache
def _update(table: type[SQLModel], by: tuple[str, ...], names: tuple[str, ...]) -> Update:
    columns = _columns(table)
    meant = (columns.c[name] == bindparam(f"b_{name}") for name in by)
    return update(columns).where(*meant).values({name: bindparam(f"b_{name}") for name in names})


def _columns(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]

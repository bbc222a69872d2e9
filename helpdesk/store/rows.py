"""Many rows in one statement, past the way by which rows become objects: where hundreds a second come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Update, bindparam, insert, update
from sqlmodel import SQLModel

from helpdesk.models import new_key
from helpdesk.models.base import Keyed
from helpdesk.store.db import Unit

Row = Mapping[str, Any]


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
def _plain_insert(table: type[SQLModel]) -> Insert:
    return insert(_columns(table))


@cache
def _update(table: type[SQLModel], by: tuple[str, ...], names: tuple[str, ...]) -> Update:
    columns = _columns(table)
    meant = (columns.c[name] == bindparam(f"b_{name}") for name in by)
    return update(columns).where(*meant).values({name: bindparam(f"b_{name}") for name in names})


def _columns(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]

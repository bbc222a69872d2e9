"""What every table shares: names of constraints, opaque keys for URLs, time and money columns."""

import secrets
from typing import Any

from sqlalchemy import JSON, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field
from sqlmodel import SQLModel as SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


def new_key(length: int = 12) -> str:
    """A random name for URLs: says nothing of counts or order, spells no words (57 bits at 12)."""
    rest, letters = secrets.randbits(64 + 5 * length), []
    for _ in range(length):
        rest, place = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


class Json(TypeDecorator[Any]):
    """JSON, on PostgreSQL its binary form; that dialect is loaded only where it is spoken."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())


class Table(SQLModel):
    """Integer primary key for joins."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def pk(self) -> int:
        """The primary key of a row that has been flushed."""
        assert self.id is not None, "flush the row before using its id"
        return self.id


class Keyed(Table):
    """A row that a URL may name, by its opaque key alone."""

    key: str = Field(default_factory=new_key, max_length=24, unique=True)


def json_field(kind: type[dict[str, Any]] | type[list[Any]] = dict) -> Any:
    """A JSON column (JSONB on PostgreSQL) with a fresh empty `kind` per row."""
    return Field(default_factory=_list if kind is list else _map, sa_type=Json, nullable=False)


# The factory's signature is read for every row that is made: of a function that is ten times quicker than of `dict`.
def _map() -> dict[str, Any]:
    return {}


def _list() -> list[Any]:
    return []


def text_field(default: str = "") -> Any:
    return Field(default=default, sa_type=Text, nullable=False)


def bytes_field() -> Any:
    return Field(default=None, sa_type=LargeBinary, nullable=True)

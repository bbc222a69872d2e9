"""Bringing a database to this version's tables, and telling whether it is there.

Alembic takes a quarter of a second to import, and mostly nothing is to be done: it is loaded where it has work.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from helpdesk.models import SQLModel
from helpdesk.store.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 7_310_412  # any number, the same in every process
FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Apply what is missing; any number of processes may start at once."""
    if up_to_date(database):
        return
    from alembic import command

    with database.engine.connect() as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        command.upgrade(config(connection), "head")
        connection.commit()
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()


def up_to_date(database: Database) -> bool:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == head()


def head() -> str:
    """The newest revision: files are named by number, in order."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def differences(database: Database) -> list[object]:
    """What autogenerate would still change: empty when models and migrations agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as connection:
        opts = {
            "include_name": lambda name, kind, _p: not (kind == "table" and name.startswith("search_index"))
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), SQLModel.metadata))


def config(connection: Connection | None) -> Config:
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["connection"] = connection
    return made

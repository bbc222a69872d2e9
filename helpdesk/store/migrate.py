"""Bringing a database to this version's tables, and telling whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from helpdesk.store.db import Database

LOCK = 7_310_412  # any number, the same in every process


def upgrade(database: Database) -> None:
    """Apply what is missing; any number of processes may start at once."""
    with database.engine.connect() as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        command.upgrade(_config(connection), "head")
        connection.commit()
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()


def up_to_date(database: Database) -> bool:
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config(None)).get_current_head()


def differences(database: Database) -> list[object]:
    """What autogenerate would still change: empty when models and migrations agree."""
    from alembic.autogenerate import compare_metadata

    from helpdesk.models import SQLModel

    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _p: (
                    not (kind == "table" and str(name).startswith("search_index"))
                )
            },
        )
        return list(compare_metadata(context, SQLModel.metadata))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config

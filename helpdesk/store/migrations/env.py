"""Alembic's entry: runs on the connection that `store.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from helpdesk.models import SQLModel


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=lambda name, kind, _parents: (
            not (kind == "table" and str(name).startswith("search_index"))
        ),
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])

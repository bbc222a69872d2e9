"""What nobody would miss: sign-ins and set-up links whose time is over, drafts, files and questions of long ago."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import col

from helpdesk.chat import files as chat_files
from helpdesk.chat import visits
from helpdesk.help import misses
from helpdesk.models import SetupLink, SignIn
from helpdesk.store.db import Database
from helpdesk.tickets import staged


def sweep(database: Database) -> int:
    """Returns how many rows went."""
    with database.write() as unit:
        gone = 0
        for table in (SignIn, SetupLink):
            ended = delete(table).where(col(table.expires_at) < unit.now)
            gone += int(getattr(unit.session.execute(ended), "rowcount", 0))
        gone += visits.sweep(unit)
        return gone + staged.sweep(unit) + chat_files.sweep(unit) + misses.sweep(unit)

"""An agent opened the ticket: it is no longer bold in the list. Who looked is not recorded.

What came in after the page was read stays unread.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from helpdesk.models import Ticket
from helpdesk.store.db import Unit


def mark(unit: Unit, ticket_id: int, *, last_message_at: datetime) -> None:
    """`last_message_at` as the page showed it."""
    shown = col(Ticket.id) == ticket_id, col(Ticket.last_message_at) == last_message_at
    unit.session.execute(update(Ticket).where(*shown).values(unread=False))

"""An agent opened the ticket: it is no longer bold in the list. Who looked is not recorded."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from helpdesk.models import Ticket
from helpdesk.store.db import Unit


def mark(unit: Unit, ticket_id: int) -> None:
    unit.session.execute(update(Ticket).where(col(Ticket.id) == ticket_id).values(unread=False))

"""Holding a ticket while it is changed, so that two at once do not write over each other."""

from __future__ import annotations

from helpdesk.models import Ticket
from helpdesk.store.db import Unit


def lock(unit: Unit, ticket: Ticket) -> None:
    """Re-reads the ticket and keeps others from changing it until the unit ends.

    SQLite's writing unit is alone anyway.
    """
    if not unit.sqlite:
        unit.session.flush()
        unit.session.refresh(ticket, with_for_update=True)

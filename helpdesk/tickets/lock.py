"""Holding tickets while they are changed, so that two at once do not write over each other."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk.models import Ticket
from helpdesk.store.db import Unit


def lock(unit: Unit, ticket: Ticket) -> None:
    """Re-reads the ticket and keeps others from changing it until the unit ends.

    SQLite's writing unit is alone anyway.
    """
    if not unit.sqlite:
        unit.session.flush()
        unit.session.refresh(ticket, with_for_update=True)


def lock_all(unit: Unit, tickets: Iterable[Ticket]) -> None:
    """Several at once, always in the order of their ids: two who want the same ones wait, not deadlock."""
    for ticket in sorted(tickets, key=lambda one: one.pk):
        lock(unit, ticket)

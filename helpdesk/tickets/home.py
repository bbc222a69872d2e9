"""Where a ticket's messages live now: in itself, or in the one it was merged into."""

from __future__ import annotations

from helpdesk.models import Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets.lock import lock


def find_home(unit: Unit, ticket: Ticket) -> Ticket:
    """Follows merges of merged tickets; the ticket itself when it was never merged."""
    been = {ticket.pk}
    while ticket.status == Status.MERGED and ticket.merged_into_id and ticket.merged_into_id not in been:
        been.add(ticket.merged_into_id)
        ticket = unit.session.get_one(Ticket, ticket.merged_into_id)
    return ticket


def lock_home(unit: Unit, ticket: Ticket) -> Ticket:
    """The same, held: a merge that commits while we wait for the row is followed too."""
    while True:
        ticket = find_home(unit, ticket)
        lock(unit, ticket)
        if ticket.status != Status.MERGED:
            return ticket

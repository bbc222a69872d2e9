"""The end of a ticket, and its return."""

from __future__ import annotations

from helpdesk.errors import Conflict
from helpdesk.models import Agent, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import fields
from helpdesk.tickets.change import changing


def close(unit: Unit, ticket: Ticket, *, by: Agent | None) -> None:
    """Raises Invalid with the names of the fields that an agent has to fill in first."""
    _require_own(ticket)
    if ticket.status == Status.CLOSED:
        return
    if by is not None:
        fields.require_filled(unit, ticket)
    with changing(unit, ticket, "closed", by=by):
        ticket.status = Status.CLOSED
        ticket.closed_at = unit.now
        ticket.waiting_since = None
        ticket.snoozed_until = None


def reopen(unit: Unit, ticket: Ticket, *, by: Agent | None) -> None:
    """Open again; the customer waits from now on."""
    _require_own(ticket)
    if ticket.status == Status.OPEN:
        return
    name = "unspammed" if ticket.status == Status.SPAM else "reopened"
    with changing(unit, ticket, name, by=by):
        ticket.status = Status.OPEN
        ticket.closed_at = None
        ticket.waiting_since = ticket.waiting_since or unit.now


def mark_spam(unit: Unit, ticket: Ticket, *, by: Agent | None, blocked: str = "") -> None:
    """Out of every queue, but kept: it can be reopened. `blocked` is the entry that did it by itself."""
    _require_own(ticket)
    if ticket.status == Status.SPAM:
        return
    with changing(unit, ticket, "marked_spam", by=by, **({"blocked": blocked} if blocked else {})):
        ticket.status = Status.SPAM
        ticket.waiting_since = None
        ticket.snoozed_until = None


def _require_own(ticket: Ticket) -> None:
    if ticket.status == Status.MERGED:
        raise Conflict("this ticket is part of another one; open that one")

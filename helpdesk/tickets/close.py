"""The end of a ticket, and its return."""

from __future__ import annotations

from helpdesk.models import Agent, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log


def close(unit: Unit, ticket: Ticket, *, by: Agent | None) -> None:
    if ticket.status == Status.CLOSED:
        return
    ticket.status = Status.CLOSED
    ticket.closed_at = unit.now
    ticket.waiting_since = None
    ticket.snoozed_until = None
    ticket.unread = False
    log.write(unit, ticket, "closed", by=by)


def reopen(unit: Unit, ticket: Ticket, *, by: Agent | None) -> None:
    """Open again; the customer waits from now on."""
    if ticket.status == Status.OPEN:
        return
    name = "unspammed" if ticket.status == Status.SPAM else "reopened"
    ticket.status = Status.OPEN
    ticket.closed_at = None
    ticket.waiting_since = ticket.waiting_since or unit.now
    log.write(unit, ticket, name, by=by)


def mark_spam(unit: Unit, ticket: Ticket, *, by: Agent | None) -> None:
    """Out of every queue, but kept: it can be reopened."""
    if ticket.status == Status.SPAM:
        return
    ticket.status = Status.SPAM
    ticket.waiting_since = None
    ticket.unread = False
    log.write(unit, ticket, "marked_spam", by=by)

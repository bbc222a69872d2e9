"""Out of sight until a time; it comes back by itself, or at once when the customer writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log

CHOICES = ("later", "tomorrow", "next_week")
MORNING = 9  # o'clock, where the agent is


def until(unit: Unit, ticket: Ticket, moment: datetime, *, by: Agent | None) -> None:
    """Raises Invalid for a moment that is past, and for a ticket that is done."""
    if moment <= unit.now:
        raise Invalid("choose a time that is still to come", field="until")
    if ticket.status not in (Status.OPEN, Status.PENDING):
        raise Invalid("this ticket is done; reopen it first", field="until")
    ticket.snoozed_until = moment
    log.write(unit, ticket, "snoozed", by=by, until=moment.isoformat())


def wake(unit: Unit, ticket: Ticket, *, by: Agent | None) -> None:
    if ticket.snoozed_until is None:
        return
    ticket.snoozed_until = None
    log.write(unit, ticket, "woken", by=by)


def decide_moment(choice: str, *, now: datetime, zone: str) -> datetime:
    """later: in three hours; tomorrow and next_week (Monday): in the morning."""
    local = now.astimezone(ZoneInfo(zone))
    if choice == "later":
        return now + timedelta(hours=3)
    if choice not in CHOICES:
        raise Invalid("choose later, tomorrow or next_week", field="until")
    days = 1 if choice == "tomorrow" else 7 - local.weekday()
    return (local + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0)

"""Out of sight until a time, or until the customer writes: a customer's message wakes a ticket in any case.

What stops meanwhile: `waiting_since` names the customer's first unanswered message. An answer clears it, and with it
the clock stands while we wait for the customer; a snooze does not, because the customer still waits. Times to first
response and to solution are measured by messages and closing alone, so sleeping never makes a report better.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import col, select

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Status, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.tickets.change import changing

CHOICES = ("later", "evening", "tomorrow", "monday", "next_week", "reply")
MORNING, EVENING = 9, 18  # o'clock, where the agent is
LATER = timedelta(hours=3)
UNTIL_REPLY = datetime(9000, 1, 1, tzinfo=UTC)  # only the customer ends this sleep
LONGEST = timedelta(days=366 * 2)


def until(unit: Unit, ticket: Ticket, moment: datetime, *, by: Agent | None) -> None:
    """Raises Invalid for a moment that is past, and for a ticket that is done."""
    if moment <= unit.now:
        raise Invalid("choose a time that is still to come", field="until")
    if moment != UNTIL_REPLY and moment - unit.now > LONGEST:
        raise Invalid("choose a time within two years", field="until")
    if ticket.status not in (Status.OPEN, Status.PENDING):
        raise Invalid("this ticket is done; reopen it first", field="until")
    with changing(
        unit, ticket, "snoozed", by=by, until="reply" if moment == UNTIL_REPLY else moment.isoformat()
    ):
        ticket.snoozed_until = moment


def wake(unit: Unit, ticket: Ticket, *, by: Agent | None, reason: str = "") -> None:
    """`reason` is `time` when the snooze ended by itself."""
    if ticket.snoozed_until is None:
        return
    with changing(unit, ticket, "woken", by=by, **({"reason": reason} if reason else {})):
        ticket.snoozed_until = None


def wake_due(database: Database, *, batch: int = 100) -> int:
    """Tickets whose time has come, in short units; returns how many. Lists show them from the first second on."""
    woken = 0
    while True:
        with database.write() as unit:
            due = unit.session.exec(
                select(Ticket)
                .where(col(Ticket.snoozed_until) <= unit.now)
                .order_by(col(Ticket.id))
                .limit(batch)
                .with_for_update(skip_locked=True)
            ).all()
            for ticket in due:
                ticket.received_at = unit.now
                wake(unit, ticket, by=None, reason="time")
        woken += len(due)
        if len(due) < batch:
            return woken


def decide_moment(choice: str, *, now: datetime, zone: str) -> datetime:
    """later: in three hours; evening: today; tomorrow, monday and next_week (in seven days): in the morning;
    reply: when the customer writes; else a local time as 2026-01-31T09:00."""
    local = now.astimezone(ZoneInfo(zone))
    if choice == "later":
        return now + LATER
    if choice == "reply":
        return UNTIL_REPLY
    if choice == "evening":
        return _at(local, 0, EVENING)
    days = {"tomorrow": 1, "monday": 7 - local.weekday(), "next_week": 7}
    if choice in days:
        return _at(local, days[choice], MORNING)
    return _typed(choice, local)


def list_choices(*, now: datetime, zone: str) -> list[tuple[str, datetime]]:
    """What makes sense now: no evening that is near or over, and Monday only where it is not tomorrow."""
    local = now.astimezone(ZoneInfo(zone))
    wanted = [choice for choice in CHOICES if choice != "reply"]
    if local.hour >= EVENING - 2:
        wanted.remove("evening")
    if local.weekday() in (0, 6):
        wanted.remove("monday")
    return [(choice, decide_moment(choice, now=now, zone=zone)) for choice in wanted]


def _at(local: datetime, days: int, hour: int) -> datetime:
    """Of the wall clock: nine stays nine over a change to summer time."""
    return (local + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def _typed(text: str, local: datetime) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=local.tzinfo)
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
        raise Invalid("choose a time of the list, or write it as 2026-01-31T09:00", field="until") from error

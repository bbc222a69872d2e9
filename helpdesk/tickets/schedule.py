"""Answers for a later time: when they leave, earlier or later after all, or at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, Delivery, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log
from helpdesk.tickets.take_back import TOO_LATE, find_waiting

FURTHEST = timedelta(days=366)


def read_moment(text: str, *, zone: str, now: datetime, field: str = "at") -> datetime | None:
    """`2026-01-31T09:30` where the agent is; None for "". Raises Invalid for what is past or no time."""
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("write the time as 2026-01-31T09:30", field=field) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    if not now < moment <= now + FURTHEST:
        raise Invalid("choose a time that is still to come, within a year", field=field)
    return moment.astimezone(now.tzinfo)


def move(unit: Unit, ticket: Ticket, delivery: Delivery, moment: datetime, *, by: Agent) -> None:
    """Another time for a scheduled answer. Raises Conflict when it has left."""
    held, message = _waiting(unit, delivery)
    if not held.scheduled:
        raise Conflict("this answer is not scheduled; take it back and schedule it")
    held.next_at = message.sent_at = moment
    log.write(unit, ticket, "scheduled", by=by, message=message.pk, at=moment.isoformat())


def send_now(unit: Unit, ticket: Ticket, delivery: Delivery, *, by: Agent) -> None:
    """Neither the hold nor the scheduled time is waited for."""
    held, message = _waiting(unit, delivery)
    held.next_at = unit.now
    if held.scheduled:
        held.by_hand = True
        message.sent_at = unit.now
        log.write(unit, ticket, "sent_now", by=by, message=message.pk)
    unit.tell("delivery_queued", held.brand_id, message=message.pk, ticket=ticket.pk)


def _waiting(unit: Unit, delivery: Delivery) -> tuple[Delivery, Message]:
    held = find_waiting(unit, delivery.pk)
    if held is None:
        raise Conflict(TOO_LATE)
    return held, unit.session.get_one(Message, held.message_id)

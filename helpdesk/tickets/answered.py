"""The customer has an answer: what that changes on the ticket, and how it is undone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from helpdesk.models import Agent, Direction, Message, Status, Ticket, TicketTag
from helpdesk.store.db import Unit
from helpdesk.tickets import log

TIMES = ("waiting_since", "first_response_at", "snoozed_until", "closed_at", "last_message_at")
FIELDS = ("status", "assignee_id", *TIMES)
TAGS = sqlalchemy.select(col(TicketTag.tag_id), col(TicketTag.source), col(TicketTag.score)).where(
    col(TicketTag.ticket_id) == bindparam("ticket")
)
State = dict[str, Any]
TAKEN_BACK = "taken_back"  # of a message that never left and counts for nothing


def mark(unit: Unit, ticket: Ticket, message: Message, *, by: Agent) -> None:
    """From now on we wait for the customer; the ticket belongs to the one who answered unless it had somebody."""
    added(unit, ticket)
    ticket.waiting_since = None
    ticket.snoozed_until = None
    ticket.first_response_at = ticket.first_response_at or unit.now
    ticket.assignee_id = ticket.assignee_id or by.pk
    if ticket.status != Status.SPAM:
        ticket.status, ticket.closed_at = Status.PENDING, None
    log.write(unit, ticket, "answered", by=by, message=message.pk)


def elsewhere(unit: Unit, ticket: Ticket, message: Message) -> None:
    """Somebody of the brand answered in the provider's own tool: nobody waits, and the ticket stays whose it is."""
    added(unit, ticket)
    talked(ticket, message.sent_at)
    log.write(unit, ticket, "answered_elsewhere", message=message.pk)


def talked(ticket: Ticket, at: datetime) -> None:
    """The customer has heard from the brand."""
    ticket.waiting_since = None
    ticket.first_response_at = ticket.first_response_at or at
    if ticket.status not in (Status.SPAM, Status.CLOSED):
        ticket.status = Status.PENDING


def added(unit: Unit, ticket: Ticket) -> None:
    """A message of ours stands in the conversation."""
    ticket.messages_count += 1
    ticket.last_message_at = max(ticket.last_message_at, unit.now)


def is_said(message: Message) -> bool:
    """Whether it counts as part of the conversation: neither taken back nor still waiting for its time."""
    scheduled = message.state == "queued" and message.sent_at > message.created_at
    return message.state != TAKEN_BACK and not (message.direction == Direction.OUT and scheduled)


def is_answer(message: Message) -> bool:
    """An agent's, to the customer: neither automatic nor passed on to somebody else."""
    ours = message.direction == Direction.OUT and not message.automatic
    return ours and message.forwarded_id is None


def state_of(unit: Unit, ticket: Ticket, *, tags: State | None = None) -> State:
    """What an answer changes, as plain data that a delivery can carry; `tags` where they are known."""
    if tags is None:
        tags = {str(pk): [source, score] for pk, source, score in unit.rows(TAGS, {"ticket": ticket.pk})}
    return {name: _plain(getattr(ticket, name)) for name in FIELDS} | {"tags": tags, "ticket": ticket.pk}


def restore(unit: Unit, ticket: Ticket, before: State, after: State) -> None:
    """As it was before the answer, except where somebody has changed it since."""
    ticket.messages_count = max(0, ticket.messages_count - 1)
    if ticket.pk != before["ticket"]:
        _wait_again(ticket, _read("waiting_since", before["waiting_since"]))
        return
    for name in FIELDS:
        if _plain(getattr(ticket, name)) == after[name]:
            setattr(ticket, name, _read(name, before[name]))
    waited = _read("waiting_since", before["waiting_since"])
    if ticket.waiting_since and waited:  # the customer wrote again and has waited since before
        ticket.waiting_since = min(ticket.waiting_since, waited)
    _restore_tags(unit, ticket, before["tags"], after["tags"])


def _wait_again(ticket: Ticket, since: datetime | None) -> None:
    """The message came here from another ticket: of this one we know only that its customer still waits."""
    if since and ticket.status in (Status.OPEN, Status.PENDING):
        ticket.status = Status.OPEN
        ticket.waiting_since = min(ticket.waiting_since or since, since)


def _restore_tags(unit: Unit, ticket: Ticket, before: State, after: State) -> None:
    for tag_id in after.keys() - before.keys():
        if on := unit.session.get(TicketTag, (ticket.pk, int(tag_id))):
            unit.session.delete(on)
    for tag_id in before.keys() - after.keys():
        if unit.session.get(TicketTag, (ticket.pk, int(tag_id))) is None:
            source, score = before[tag_id]
            unit.session.add(
                TicketTag(
                    ticket_id=ticket.pk, tag_id=int(tag_id), source=source, score=score, created_at=unit.now
                )
            )
    unit.session.flush()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in TIMES and value else value

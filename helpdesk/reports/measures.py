"""What each number counts: one select a measure, for the number and for the list of tickets behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlmodel import col

from helpdesk.i18n import lazy
from helpdesk.models import Direction, Message, Status, Ticket
from helpdesk.reports.period import Period

COUNTED = ("created", "replied", "closed")
TIMED = ("first_response", "resolution")
MEASURES = (*COUNTED, *TIMED, "spam")
NAMES = {
    "created": lazy("Created"),
    "replied": lazy("Replied"),
    "closed": lazy("Closed"),
    "first_response": lazy("First response time"),
    "resolution": lazy("Resolution time"),
    "spam": lazy("Spam"),
}
DEFINITIONS = {
    "created": lazy("Tickets that were opened in the period. Spam is not counted."),
    "replied": lazy(
        "Tickets with at least one answer of an agent in the period; each counts once, however many it got. "
        "Notes, automatic messages and spam are not counted."
    ),
    "closed": lazy(
        "Tickets closed in the period and still closed now. A ticket that was opened again does not count."
    ),
    "first_response": lazy(
        "From the customer's first message to the first answer of an agent, round the clock, for tickets "
        "first answered in the period. Spam, and tickets in which an agent wrote first, are left out. "
        "Median: half were faster. 90th percentile: nine in ten were at least this fast."
    ),
    "resolution": lazy(
        "From the customer's first message to the last close, round the clock, for tickets closed in the "
        "period and still closed now; the time of reopened tickets runs on. Spam is left out. "
        "Median: half were faster. 90th percentile: nine in ten were at least this fast."
    ),
    "spam": lazy("Tickets opened in the period that are marked as spam. They are in no other number."),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tickets, on which days. `brand_ids` must come out of an Access."""

    brand_ids: tuple[int, ...]
    period: Period


def select_facts(measure: str, brand_ids: tuple[int, ...], start: datetime, end: datetime) -> Select[Any]:
    """Rows of ticket `id`, `channel`, `language`, `category` and the moment `at`; start <= at < end."""
    facts = select_moments(measure, brand_ids, start, end)
    return facts.where(first_message() <= moment(measure)) if measure in TIMED else facts


def select_moments(measure: str, brand_ids: tuple[int, ...], start: datetime, end: datetime) -> Select[Any]:
    """The same, with tickets whose time cannot be measured because no customer wrote first."""
    at = moment(measure)
    facts = select(
        col(Ticket.id).label("id"),
        col(Ticket.channel).label("channel"),
        col(Ticket.language).label("language"),
        col(Ticket.category).label("category"),
        at.label("at"),
    ).where(col(Ticket.brand_id).in_(brand_ids), at >= start, at < end)
    spam = col(Ticket.status) == Status.SPAM
    facts = facts.where(spam if measure == "spam" else ~spam, col(Ticket.status) != Status.MERGED)
    if measure == "replied":
        return facts.join(Message, col(Message.ticket_id) == col(Ticket.id)).where(*_answers(brand_ids))
    if measure in ("closed", "resolution"):
        facts = facts.where(col(Ticket.status) == Status.CLOSED)
    return facts


def moment(measure: str) -> ColumnElement[Any]:
    """The column that says when it happened."""
    columns: dict[str, Any] = {
        "replied": Message.sent_at,
        "closed": Ticket.closed_at,
        "first_response": Ticket.first_response_at,
        "resolution": Ticket.closed_at,
    }
    found: Any = col(columns.get(measure, Ticket.created_at))
    return cast(ColumnElement[Any], found)


def first_message() -> ScalarSelect[Any]:
    """When the ticket's customer wrote first; automatic mail is nobody's question."""
    return (
        select(func.min(col(Message.sent_at)))
        .where(
            col(Message.ticket_id) == col(Ticket.id),
            col(Message.direction) == Direction.IN,
            ~col(Message.automatic),
        )
        .correlate(Ticket)
        .scalar_subquery()
    )


def _answers(brand_ids: tuple[int, ...]) -> list[ColumnElement[bool]]:
    return [
        col(Message.brand_id).in_(brand_ids),
        col(Message.direction) == Direction.OUT,
        col(Message.agent_id).is_not(None),
        ~col(Message.automatic),
        col(Message.forwarded_id).is_(None),
        col(Message.state) != "taken_back",
        ~((col(Message.state) == "queued") & (col(Message.sent_at) > col(Message.created_at))),  # scheduled
    ]

"""Tickets that another one might be merged with: the customer's own first, else what the agent looks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select
from sqlmodel import col

from helpdesk.models import Customer, Status, Ticket
from helpdesk.store import search
from helpdesk.store.db import Unit

MOST = 8
MERGEABLE = (Status.OPEN, Status.PENDING, Status.CLOSED)
_NUMBER = re.compile(r"#?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`own`: of the same customer."""

    key: str
    number: int
    subject: str
    preview: str
    status: str
    channel: str
    messages: int
    at: datetime
    customer: str
    own: bool


def list_candidates(unit: Unit, ticket: Ticket, words: str = "") -> list[Candidate]:
    """The customer's other tickets, open ones first; with words, those of the brand that they lead to."""
    where: ColumnElement[bool] = col(Ticket.customer_id) == ticket.customer_id
    if words.strip():
        where = _found(unit, ticket, words.strip())
    done = case((col(Ticket.status) == Status.CLOSED, 1), else_=0)
    wanted = (
        _shown(ticket)
        .where(where, col(Ticket.id) != ticket.pk, col(Ticket.status).in_(MERGEABLE))
        .order_by(done, col(Ticket.last_message_at).desc(), col(Ticket.id).desc())
        .limit(MOST)
    )
    return [Candidate(*row) for row in unit.session.execute(wanted)]


def describe(unit: Unit, ticket: Ticket) -> Candidate:
    """The ticket itself in the same form, to be shown beside them."""
    return Candidate(*unit.session.execute(_shown(ticket).where(col(Ticket.id) == ticket.pk)).one())


def _shown(ticket: Ticket) -> Any:
    columns = (
        "key",
        "number",
        "subject",
        "preview",
        "status",
        "channel",
        "messages_count",
        "last_message_at",
    )
    own = (col(Ticket.customer_id) == ticket.customer_id).label("own")
    return (
        select(*(col(getattr(Ticket, name)) for name in columns), col(Customer.name), own)
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(col(Ticket.brand_id) == ticket.brand_id)
    )


def _found(unit: Unit, ticket: Ticket, words: str) -> ColumnElement[bool]:
    hits = search.find(unit, words, brand_ids=[ticket.brand_id], limit=50)
    ways: list[ColumnElement[bool]] = [col(Ticket.id).in_(hits), col(Ticket.key) == words.rpartition("/")[2]]
    ways.append(col(Ticket.subject).contains(words, autoescape=True))
    if number := _NUMBER.fullmatch(words):
        ways.append(col(Ticket.number) == int(number[1]))
    return or_(*ways)

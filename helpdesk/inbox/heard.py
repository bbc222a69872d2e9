"""What the customer wrote in a ticket, as the classifier reads it. Read by the explanations of a ticket."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from helpdesk.models import Direction, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.triage.why import Heard

MOST = 8


def list_heard(unit: Unit, ticket: Ticket) -> tuple[Heard, ...]:
    """Their newest messages, newest first; never the quoted history."""
    return tuple(
        Heard(row.key, row.sent_at, row.subject, row.reply or row.text)
        for row in unit.rows(_heard(), {"ticket": ticket.pk})
    )


@cache
def _heard() -> Select[Any]:
    names = ("key", "sent_at", "subject", "reply", "text")
    return (
        select(*(col(getattr(Message, name)) for name in names))
        .where(
            col(Message.ticket_id) == bindparam("ticket"),
            col(Message.direction) == Direction.IN,
            col(Message.automatic).is_(False),
        )
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(MOST)
    )

"""What stands in a ticket when an answer is added: the newest message, and that answer itself if it was sent before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import col

from helpdesk.models import Direction, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets.answered import TAKEN_BACK


@dataclass(frozen=True, slots=True)
class Before:
    """`newest` is the id of what came in or went out last, 0 without any; notes do not count."""

    newest: int
    same: Message | None


def look(unit: Unit, ticket: Ticket, token: str) -> Before:
    """`token` is the composer's, which makes a repeated submission known; "" for a letter without one."""
    named = {"ticket": ticket.pk, "brand": ticket.brand_id, "fingerprint": fingerprint(ticket, token)}
    newest, same = unit.rows(_standing(), named)[0]
    return Before(newest or 0, unit.session.get(Message, same) if same else None)


def fingerprint(ticket: Ticket, token: str) -> str:
    return f"out:{ticket.pk}:{token}"[:64] if token else ""


def newest_of(ticket_id: Any) -> Select[int | None]:
    """Of a ticket's id, or of the column that holds it."""
    return select(func.max(col(Message.id))).where(
        col(Message.ticket_id) == ticket_id,
        col(Message.direction) != Direction.NOTE,
        col(Message.state) != TAKEN_BACK,
    )


@cache
def _standing() -> Select[Any]:
    same = select(col(Message.id)).where(
        col(Message.brand_id) == bindparam("brand"), col(Message.fingerprint) == bindparam("fingerprint")
    )
    return select(newest_of(bindparam("ticket")).scalar_subquery(), same.scalar_subquery())

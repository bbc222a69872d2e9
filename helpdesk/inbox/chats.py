"""An agent's live chats side by side: who talks, since when they wait, and what was said. Read by web.agent.chats.

Three statements for however many chats: the chats with their visitors, their messages, what happened in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.chat.card import VisitorCard, card_of
from helpdesk.chat.live import live, running
from helpdesk.errors import NotFound
from helpdesk.inbox.chat_talk import Talk, read_talks
from helpdesk.models import Agent, Brand, Customer, Draft, Notification, Ticket, TicketSeen, Visitor
from helpdesk.store.db import Unit
from helpdesk.triage.rank import level

MOST = 30


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation. `seen_at` and `told` are the asking agent's: read until when, unread notifications."""

    ticket: Ticket
    customer: Customer
    brand: str
    currency: str
    assignee: str
    level: str
    visitor: VisitorCard | None
    talk: Talk
    seen_at: datetime | None
    told: bool

    @property
    def key(self) -> str:
        return self.ticket.key

    @property
    def waiting_since(self) -> datetime | None:
        return self.ticket.waiting_since


def list_chats(unit: Unit, access: Access, *, said: bool = True) -> list[Chat]:
    """Their own live ones, and those in which something they wrote was not sent, the oldest first.

    Without `said` what was said in them is not read.
    """
    begun = exists().where(col(Draft.ticket_id) == col(Ticket.id), col(Draft.agent_id) == access.agent_id)
    drafted = and_(begun.correlate(Ticket), running(unit.now))
    mine = col(Ticket.assignee_id) == access.agent_id, or_(live(unit.now), drafted)
    return _read(unit, access, *mine, said=said)


def get_chat(unit: Unit, access: Access, key: str) -> Chat:
    """Whosever it is, and whatever became of it."""
    found = _read(unit, access, col(Ticket.key) == key)
    if not found:
        raise NotFound("nobody chats in this ticket, or it belongs to a brand that you may not see")
    return found[0]


def _read(unit: Unit, access: Access, *where: ColumnElement[bool], said: bool = True) -> list[Chat]:
    rows: Sequence[Any] = unit.session.execute(_chats(access).where(*where)).all()
    newest: dict[int, Any] = {}
    for row in rows:  # of two visitors in one ticket the one who was there last
        before = newest.get(row[0].pk)
        if before is None or (row[4] and before[4] and row[4].last_seen_at > before[4].last_seen_at):
            newest[row[0].pk] = row
    talks = read_talks(unit, [(row[0], row[1]) for row in newest.values()]) if said else {}
    return [_chat(row, talks.get(pk, Talk()), unit.now) for pk, row in newest.items()]


def _chats(access: Access) -> Select[Any]:
    seen = select(col(TicketSeen.at)).where(
        col(TicketSeen.ticket_id) == col(Ticket.id), col(TicketSeen.agent_id) == access.agent_id
    )
    told = select(func.count()).where(
        col(Notification.ticket_id) == col(Ticket.id),
        col(Notification.agent_id) == access.agent_id,
        col(Notification.read_at).is_(None),
    )
    mine = (one.correlate(Ticket).scalar_subquery() for one in (seen, told))
    rows: Sequence[Any] = (Ticket, Customer, Brand, col(Agent.name), Visitor)
    return (
        select(*rows, *mine)
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .join(Brand, col(Brand.id) == col(Ticket.brand_id))
        .outerjoin(Agent, col(Agent.id) == col(Ticket.assignee_id))
        .outerjoin(Visitor, col(Visitor.ticket_id) == col(Ticket.id))
        .where(col(Ticket.brand_id).in_(access.brand_ids), col(Ticket.channel).in_(CONVERSATIONAL))
        .order_by(col(Ticket.id))
        .limit(MOST)
    )


def _chat(row: Any, talk: Talk, now: datetime) -> Chat:
    ticket, customer, brand, assignee, visitor, seen_at, told = row
    return Chat(
        ticket=ticket,
        customer=customer,
        brand=brand.name,
        currency=brand.currency,
        assignee=assignee or "",
        level=level(ticket.urgency),
        visitor=card_of(visitor, now) if visitor else None,
        talk=talk,
        seen_at=seen_at,
        told=bool(told),
    )

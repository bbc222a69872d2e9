"""What the palette finds: a handful of tickets, customers, saved views and colleagues, each by one statement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.channels.registry import NAMELESS
from helpdesk.inbox import filter_words
from helpdesk.models import Agent, AgentBrand, Customer, Identity, Status, Ticket, TicketSeen
from helpdesk.store import search
from helpdesk.store.db import Unit

MOST = 5
HIDDEN = (Status.SPAM, Status.MERGED)
_NUMBER = re.compile(r"#?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class FoundTicket:
    key: str
    number: int
    subject: str
    channel: str
    status: str
    customer: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A customer, or a colleague: the second word tells people of one name apart."""

    key: str
    name: str
    also: str


def tickets(unit: Unit, access: Access, words: str) -> list[FoundTicket]:
    """By number, by words in them, by who wrote them; the one of that number first, then the newest."""
    number = _NUMBER.fullmatch(words)
    numbered = col(Ticket.number) == int(number[1]) if number else None
    ways: list[ColumnElement[bool]] = [
        col(Ticket.id).in_(search.find(unit, words, brand_ids=list(access.brand_ids), limit=50)),
        col(Ticket.customer_id).in_(filter_words.find_customers(access, words)),
    ]
    wanted = _tickets(access).where(or_(*ways) if numbered is None else or_(numbered, *ways))
    if numbered is not None:
        wanted = wanted.order_by(numbered.desc())
    return _found(unit, wanted.order_by(col(Ticket.last_message_at).desc()))


def recent(unit: Unit, access: Access) -> list[FoundTicket]:
    """Those the agent looked at last."""
    seen = col(TicketSeen.ticket_id) == col(Ticket.id)
    wanted = _tickets(access).join(TicketSeen, seen).where(col(TicketSeen.agent_id) == access.agent_id)
    return _found(unit, wanted.order_by(col(TicketSeen.at).desc()))


def customers(unit: Unit, access: Access, words: str) -> list[FoundPerson]:
    address = (
        select(col(Identity.shown))
        .where(col(Identity.customer_id) == col(Customer.id), col(Identity.kind).not_in(NAMELESS))
        .order_by(col(Identity.id))
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )
    wanted = (
        select(col(Customer.key), col(Customer.name), address)
        .where(
            col(Customer.brand_id).in_(access.brand_ids),
            col(Customer.merged_into_id).is_(None),
            col(Customer.id).in_(filter_words.find_customers(access, words)),
        )
        .order_by(col(Customer.last_seen_at).desc())
        .limit(MOST)
    )
    return [FoundPerson(key, name, also or "") for key, name, also in unit.session.execute(wanted)]


def colleagues(unit: Unit, access: Access, words: str) -> list[FoundPerson]:
    """Who works for one of the agent's brands, by name or address."""
    shared = select(col(AgentBrand.agent_id)).where(col(AgentBrand.brand_id).in_(access.brand_ids))
    named = or_(
        col(Agent.name).icontains(words, autoescape=True),
        col(Agent.email).istartswith(words, autoescape=True),
    )
    near = or_(col(Agent.id).in_(shared), col(Agent.role) == "admin")
    wanted = select(col(Agent.key), col(Agent.name), col(Agent.email)).where(col(Agent.active), named, near)
    found = unit.session.execute(wanted.order_by(col(Agent.name)).limit(MOST))
    return [FoundPerson(key, name, email) for key, name, email in found]


def _tickets(access: Access) -> Select[Any]:
    shown = (col(getattr(Ticket, name)) for name in ("key", "number", "subject", "channel", "status"))
    return (
        select(*shown, col(Ticket.preview), col(Customer.name))
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(col(Ticket.brand_id).in_(access.brand_ids), col(Ticket.status).not_in(HIDDEN))
    )


def _found(unit: Unit, wanted: Select[Any]) -> list[FoundTicket]:
    return [
        FoundTicket(key, number, subject or preview, channel, status, customer)
        for key, number, subject, channel, status, preview, customer in unit.session.execute(
            wanted.limit(MOST)
        )
    ]

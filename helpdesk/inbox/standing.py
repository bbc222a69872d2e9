"""A ticket's place in the queue, and whom it may be compared with: who stands around it, or any other by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from helpdesk.access import Access
from helpdesk.inbox import listing
from helpdesk.inbox.filter import Filter
from helpdesk.models import Customer, Ticket
from helpdesk.store.db import Unit

LOOKED_AT = 2_000
AROUND = 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    place: int
    key: str
    number: int
    words: str
    customer: str
    urgency: int


@dataclass(frozen=True, slots=True)
class Place:
    """`place` counts from 1; None for a ticket that waits for nobody, or far behind."""

    place: int | None
    around: tuple[Neighbour, ...]  # in the queue's order, the ticket itself among them


def find_place(unit: Unit, access: Access, ticket: Ticket) -> Place:
    """In the queue of unanswered tickets, as this agent has it: most urgent first."""
    queue = listing.ids(unit, access, Filter(sort="urgency"), most=LOOKED_AT)
    if ticket.pk not in queue:
        return Place(None, _describe(unit, queue[:AROUND], 1))
    at = queue.index(ticket.pk)
    first = max(0, at - AROUND)
    return Place(at + 1, _describe(unit, queue[first : at + AROUND + 1], first + 1))


def find_ticket(unit: Unit, access: Access, brand_id: int, named: str) -> Ticket | None:
    """By its key, or by the number that it has in the brand (with or without `#`)."""
    number = named.strip().lstrip("#＃")
    wanted = select(Ticket).where(col(Ticket.brand_id).in_(access.brand_ids))
    if number.isdecimal() and len(number) < 10:
        wanted = wanted.where(Ticket.brand_id == brand_id, Ticket.number == int(number))
    else:
        wanted = wanted.where(Ticket.key == named)
    return unit.session.exec(wanted).first()


def _describe(unit: Unit, ids: Sequence[int], first: int) -> tuple[Neighbour, ...]:
    rows = unit.session.exec(
        select(Ticket, Customer.name)
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(col(Ticket.id).in_(ids))
    )
    by_id = {ticket.pk: (ticket, name) for ticket, name in rows}
    return tuple(
        Neighbour(place, one.key, one.number, one.subject or one.preview, name, one.urgency)
        for place, (one, name) in enumerate((by_id[pk] for pk in ids), first)
    )

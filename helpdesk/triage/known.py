"""What the helpdesk knows about tickets beside their words, for ranking: of one, or of many in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from helpdesk.commerce import orders
from helpdesk.commerce.orders import OrderCard
from helpdesk.models import Brand, Customer, Order, Tag, Ticket, TicketTag
from helpdesk.store.db import Unit
from helpdesk.triage.weights import Weights, of_brand


@dataclass(frozen=True, slots=True)
class Known:
    """`zone` is the brand's, `weights` are what it gives to each part."""

    tags: frozenset[str]
    card: OrderCard | None
    vip: bool
    zone: str
    weights: Weights


def of_ticket(unit: Unit, ticket: Ticket, tags: Collection[str] | None = None) -> Known:
    """`tags` spares a query where they are known."""
    brand = unit.session.get_one(Brand, ticket.brand_id)
    customer = unit.session.get_one(Customer, ticket.customer_id)
    order = unit.session.get(Order, ticket.order_id) if ticket.order_id else None
    return Known(
        tags=frozenset(_tags(unit, [ticket.pk])[ticket.pk] if tags is None else tags),
        card=orders.get_card(unit, order) if order else None,
        vip=customer.vip,
        zone=brand.timezone,
        weights=of_brand(brand.urgency_weights),
    )


def of_tickets(unit: Unit, tickets: Sequence[Ticket]) -> dict[int, Known]:
    """By the ticket's id; a handful of queries whatever their number."""
    brands = {pk: unit.session.get_one(Brand, pk) for pk in {ticket.brand_id for ticket in tickets}}
    weights = {pk: of_brand(brand.urgency_weights) for pk, brand in brands.items()}
    tags, cards = _tags(unit, [ticket.pk for ticket in tickets]), _cards(unit, tickets)
    buyers = {ticket.customer_id for ticket in tickets}
    vips = set(unit.session.exec(select(Customer.id).where(col(Customer.id).in_(buyers), col(Customer.vip))))
    return {
        ticket.pk: Known(
            tags=frozenset(tags[ticket.pk]),
            card=cards.get(ticket.order_id or 0),
            vip=ticket.customer_id in vips,
            zone=brands[ticket.brand_id].timezone,
            weights=weights[ticket.brand_id],
        )
        for ticket in tickets
    }


def _cards(unit: Unit, tickets: Iterable[Ticket]) -> dict[int, OrderCard]:
    """Brand by brand, because a day begins where the brand is."""
    wanted = {ticket.order_id for ticket in tickets if ticket.order_id}
    by_brand: dict[int, list[Order]] = defaultdict(list)
    for order in unit.session.exec(select(Order).where(col(Order.id).in_(wanted))) if wanted else ():
        by_brand[order.brand_id].append(order)
    return {card.order.pk: card for some in by_brand.values() for card in orders.cards(unit, some)}


def _tags(unit: Unit, tickets: Sequence[int]) -> dict[int, set[str]]:
    on = select(TicketTag.ticket_id, Tag.name).join(Tag, col(TicketTag.tag_id) == col(Tag.id))
    found: dict[int, set[str]] = defaultdict(set)
    for ticket_id, name in unit.session.exec(on.where(col(TicketTag.ticket_id).in_(tickets))):
        found[ticket_id].add(name)
    return found

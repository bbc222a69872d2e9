"""Which order a ticket is about, by an agent's word; intake's own guess is overruled."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from helpdesk.commerce import order_numbers, orders, parcel_numbers
from helpdesk.commerce.spelling import plain
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Order, Shipment, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets.change import changing


def link(unit: Unit, ticket: Ticket, order: Order | None, *, by: Agent | None) -> bool:
    """True when it changed. An order of another brand is refused; one of another customer is allowed: people share."""
    if order is not None and order.brand_id != ticket.brand_id:
        raise Invalid("this order belongs to another brand", field="order")
    wanted = order.pk if order else None
    if ticket.order_id == wanted:
        return False
    before = unit.session.get(Order, ticket.order_id) if ticket.order_id else None
    was = before.number if before else None
    if order is None:
        with changing(unit, ticket, "order_unlinked", by=by, order=was):
            ticket.order_id = None
        return True
    with changing(unit, ticket, "order_linked", by=by, order=order.number, before=was):
        ticket.order_id = order.pk
        named = (str(one["category"]) for one in order.items if one.get("category"))
        ticket.category = next(named, ticket.category)
    return True


def get_by_number(unit: Unit, brand_id: int, number: str) -> Order:
    """By its own number (also as `hk 20391` or `20391`), or its parcel's. Raises Invalid when the brand has none."""
    number = plain(number).strip().lstrip("#")
    found = _find(unit, brand_id, [number]) or _find(
        unit, brand_id, order_numbers.find(number, orders.learn_shapes(unit, brand_id))
    )
    found = found or _find_by_parcel(unit, brand_id, parcel_numbers.normalise(number))
    if found is None:
        raise Invalid(
            "no order has the number %(number)s; look it up in the shop", field="order", number=number
        )
    return found


def _find(unit: Unit, brand_id: int, numbers: Sequence[str]) -> Order | None:
    """The newest of these numbers."""
    wanted = select(Order).where(Order.brand_id == brand_id, col(Order.number).in_(numbers))
    return unit.session.exec(wanted.order_by(col(Order.id).desc()).limit(1)).first() if numbers else None


def _find_by_parcel(unit: Unit, brand_id: int, number: str) -> Order | None:
    """The newest parcel of that number; shops keep numbers with and without hyphens."""
    spelled = {number, "-".join(number[at : at + 4] for at in range(0, len(number), 4))} - {""}
    wanted = select(Order).join(Shipment, col(Shipment.order_id) == col(Order.id))
    wanted = wanted.where(Shipment.brand_id == brand_id, col(Shipment.tracking_number).in_(spelled))
    return unit.session.exec(wanted.order_by(col(Shipment.id).desc()).limit(1)).first()

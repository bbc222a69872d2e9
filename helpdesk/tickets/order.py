"""Which order a ticket is about, by an agent's word; intake's own guess is overruled."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Order, Ticket
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
    """Raises Invalid when the brand has no such order."""
    number = number.strip().lstrip("#").upper()
    found = unit.session.exec(select(Order).where(Order.brand_id == brand_id, Order.number == number)).first()
    if found is None:
        raise Invalid(
            "no order has the number %(number)s; look it up in the shop", field="order", number=number
        )
    return found

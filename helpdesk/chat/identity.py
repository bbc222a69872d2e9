"""A visitor for whom the shop has vouched is its customer; what they said as a stranger goes with them."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.customers import absorb
from helpdesk.customers.identify import EMAIL, find_customer, identify
from helpdesk.models import Customer, Identity, Visitor
from helpdesk.store.db import Unit

SHOP, CHAT = "shop", "chat"


def join(unit: Unit, visitor: Visitor, user: str) -> Customer:
    """The customer with that shop id, or with that e-mail address; a new one where there is none."""
    customer = _customer_of(unit, visitor, user)
    known = unit.session.exec(
        select(Identity).where(
            Identity.brand_id == visitor.brand_id, Identity.kind == CHAT, Identity.value == visitor.key
        )
    ).first()
    if known is None:
        _know(unit, customer, visitor)
    elif known.customer_id != customer.pk:
        absorb.absorb(unit, unit.session.get_one(Customer, known.customer_id), customer, known)
    visitor.user_id, visitor.verified, visitor.customer_id = user, True, customer.pk
    return customer


def _customer_of(unit: Unit, visitor: Visitor, user: str) -> Customer:
    found = find_customer(unit, visitor.brand_id, SHOP, user)
    if found is None and "@" in user:
        found = find_customer(unit, visitor.brand_id, EMAIL, user)
    if found is None:
        kind = EMAIL if "@" in user else SHOP
        found = identify(unit, visitor.brand_id, kind, user, name=visitor.name)
    return found


def _know(unit: Unit, customer: Customer, visitor: Visitor) -> None:
    unit.session.add(
        Identity(
            brand_id=visitor.brand_id,
            customer_id=customer.pk,
            kind=CHAT,
            value=visitor.key,
            shown=visitor.key,
            verified=True,
            created_at=unit.now,
        )
    )
    unit.session.flush()

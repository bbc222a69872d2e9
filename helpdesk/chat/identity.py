"""A visitor for whom the shop has vouched is its customer; what they said as a stranger goes with them."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.customers import suggest, verified
from helpdesk.models import Customer, Identity, Visitor
from helpdesk.store.db import Unit

CHAT = "chat"


def is_apart(unit: Unit, visitor: Visitor, user: str) -> bool:
    """Whether an agent said that who has talked here is somebody else than that user of the shop."""
    if visitor.customer_id is None:
        return False
    customer = verified.find_by_shop_name(unit, visitor.brand_id, user)
    if customer is None or customer.pk == visitor.customer_id:
        return False
    return suggest.kept_apart(unit, unit.session.get_one(Customer, visitor.customer_id), customer)


def join(unit: Unit, visitor: Visitor, user: str) -> Customer:
    """The customer with that shop id, or with that e-mail address; a new one where there is none."""
    customer = verified.by_shop_name(unit, visitor.brand_id, user, name=visitor.name)
    known = select(Identity.customer_id, Identity.verified).where(
        Identity.brand_id == visitor.brand_id, Identity.kind == CHAT, Identity.value == visitor.key
    )
    if unit.session.exec(known).first() != (customer.pk, True):
        customer = verified.vouch(unit, customer, CHAT, visitor.key, reason=verified.LOGIN, alone=True)
        verified.mark_login(unit, customer, user)
    visitor.user_id, visitor.verified, visitor.customer_id = user, True, customer.pk
    return customer

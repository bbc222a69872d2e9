"""What happened to who a customer is, written where agents will read it: in their running tickets and their log."""

from __future__ import annotations

from sqlalchemy import or_
from sqlmodel import col, select

from helpdesk.models import Agent, Customer, CustomerMerge, Event, Identity, Status, Ticket
from helpdesk.store.db import Unit

RUNNING = (Status.OPEN.value, Status.PENDING.value)
MOST = 20  # tickets


def tell(
    unit: Unit, name: str, home: Customer, other: Customer, *, by: Agent | None, of: CustomerMerge
) -> None:
    """`name` in past tense; one line in each running ticket of the two, one in the log of who stays."""
    about = {"reason": of.reason, "joined": of.key}
    named = {one.pk: one.name or _address(unit, one, of) for one in (home, other)}
    running = unit.session.exec(
        select(Ticket)
        .where(col(Ticket.customer_id).in_((home.pk, other.pk)), col(Ticket.status).in_(RUNNING))
        .order_by(col(Ticket.id).desc())
        .limit(MOST)
    ).all()
    for ticket in (None, *running):
        whose = ticket.customer_id if ticket else home.pk
        unit.session.add(
            Event(
                brand_id=home.brand_id,
                ticket_id=ticket.pk if ticket else None,
                customer_id=whose,
                agent_id=by.pk if by else None,
                name=name,
                data={**about, "name": named[home.pk if whose == other.pk else other.pk]},
                created_at=unit.now,
            )
        )
        if ticket:
            unit.tell(f"ticket_{name}", home.brand_id, ticket=ticket.pk, customer=whose)
    unit.session.flush()
    unit.tell(name, home.brand_id, customer=home.pk)


def _address(unit: Unit, customer: Customer, of: CustomerMerge) -> str:
    """Of somebody without a name: what they are, or were until just now, known by."""
    brought = of.moved.get("identities", ()) if customer.pk == of.source_id else ()
    known = or_(col(Identity.customer_id) == customer.pk, col(Identity.id).in_(brought))
    found = unit.session.exec(select(Identity.shown).where(known).order_by(col(Identity.id)).limit(1)).first()
    return found or "?"

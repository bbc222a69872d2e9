"""The event log: who did what to a ticket, and when."""

from __future__ import annotations

from helpdesk.models import Agent, Event, Ticket
from helpdesk.store.db import Unit


def write(unit: Unit, ticket: Ticket, name: str, *, by: Agent | None = None, **data: object) -> None:
    """`name` in past tense; `by` is None when the helpdesk itself did it. Also tells the listeners."""
    unit.session.add(
        Event(
            brand_id=ticket.brand_id,
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            agent_id=by.pk if by else None,
            name=name,
            data=data,
            created_at=unit.now,
        )
    )
    ticket.updated_at = unit.now
    unit.tell(f"ticket_{name}", ticket.brand_id, ticket=ticket.pk, customer=ticket.customer_id)

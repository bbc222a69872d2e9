"""A new ticket of the same customer that goes on from an older one: the agent writes first."""

from __future__ import annotations

from helpdesk.models import Agent, Brand, Customer, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import assign, log
from helpdesk.tickets.open import open_ticket


def follow_up(unit: Unit, ticket: Ticket, *, by: Agent) -> Ticket:
    """Without a message yet, assigned to the agent who asked for it, about the same order."""
    new = open_ticket(
        unit,
        unit.session.get_one(Brand, ticket.brand_id),
        unit.session.get_one(Customer, ticket.customer_id),
        channel=ticket.channel,
        account_id=ticket.account_id,
        subject=ticket.subject,
        language=ticket.language,
        follow_up_of=ticket,
    )
    new.order_id, new.category = ticket.order_id, ticket.category
    assign.to(unit, new, by, by=by)
    log.write(unit, ticket, "follow_up_opened", by=by, number=new.number, key=new.key)
    return new

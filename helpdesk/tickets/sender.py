"""Who wrote to a ticket last: the address that blocking is about."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.customers.identify import list_identities
from helpdesk.errors import Invalid
from helpdesk.models import Direction, Message, Ticket
from helpdesk.store.db import Unit


def get_sender(unit: Unit, ticket: Ticket) -> tuple[str, str]:
    """Kind of identity and address of the newest incoming message, else the customer's first."""
    theirs = select(Message).where(Message.ticket_id == ticket.pk, Message.direction == Direction.IN)
    newest = unit.session.exec(theirs.order_by(col(Message.id).desc()).limit(1)).first()
    address = str(newest.sender.get("address", "")) if newest else ""
    if newest and address:
        return newest.channel, address
    known = next(iter(list_identities(unit, ticket.customer_id)), None)
    if known is None:
        raise Invalid("no address of this sender is known; there is nothing to block", field="what")
    return known.kind, known.value

"""A new ticket, numbered within its brand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from helpdesk.customers.private_numbers import hide
from helpdesk.models import Brand, Customer, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log


def open_ticket(
    unit: Unit,
    brand: Brand,
    customer: Customer,
    *,
    channel: str,
    account_id: int | None,
    subject: str,
    language: str,
    preview: str = "",
    at: datetime | None = None,
    follow_up_of: Ticket | None = None,
) -> Ticket:
    ticket = Ticket(
        brand_id=brand.pk,
        number=take_numbers(unit, brand.pk)[0],
        customer_id=customer.pk,
        account_id=account_id,
        channel=channel,
        subject=hide(subject)[:500],
        preview=preview[:300],
        language=language,
        follow_up_of_id=follow_up_of.pk if follow_up_of else None,
        last_message_at=at or unit.now,
        created_at=at or unit.now,
        updated_at=unit.now,
    )
    unit.session.add(ticket)
    unit.session.flush()
    log.write(unit, ticket, "opened", follow_up_of=follow_up_of.key if follow_up_of else None)
    return ticket


def take_numbers(unit: Unit, brand_id: int, count: int = 1) -> range:
    """Counted in the database, so that two at once never share a number."""
    following = unit.session.scalar(
        update(Brand)
        .where(col(Brand.id) == brand_id)
        .values(next_ticket_number=col(Brand.next_ticket_number) + count)
        .returning(col(Brand.next_ticket_number))
        .execution_options(synchronize_session=False)
    )
    assert following is not None
    return range(int(following) - count, int(following))

"""Tickets as rows, without a mail for each: what the inbox's tests read."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from helpdesk.customers.identify import identify
from helpdesk.models import Brand, Customer, Direction, Message, Order, Shipment, Tag, Ticket, TicketTag
from helpdesk.store.db import Database

_numbers = count(1000)


def add_ticket(
    database: Database, brand: Brand, *, name: str = "山田 花子", waited: float = 60, **given: Any
) -> Ticket:
    """An open ticket whose customer has waited so many minutes; the customer is known by the name."""
    number = next(_numbers)
    with database.write() as unit:
        customer = identify(
            unit, brand.pk, "email", f"{abs(hash(name))}@example.jp", name=name, language="ja"
        )
        at = unit.now - timedelta(minutes=waited)
        values: dict[str, Any] = {
            "channel": "email",
            "subject": f"件名 {number}",
            "preview": f"本文 {number}",
            "status": "open",
            "waiting_since": at,
            "last_message_at": at,
            "created_at": at,
            "updated_at": at,
        }
        ticket = Ticket(brand_id=brand.pk, number=number, customer_id=customer.pk, **(values | given))
        unit.session.add(ticket)
        unit.session.flush()
    return ticket


def add_message(
    database: Database,
    ticket: Ticket,
    text: str,
    *,
    direction: str = Direction.IN,
    ago: float = 60,
    **given: Any,
) -> Message:
    """A message so many minutes old."""
    with database.write() as unit:
        at = unit.now - timedelta(minutes=ago)
        values: dict[str, Any] = {
            "channel": "email",
            "text": text,
            "reply": text,
            "sent_at": at,
            "created_at": at,
        }
        values["sender"] = {"name": "山田 花子", "address": "hanako@example.jp"}
        message = Message(
            brand_id=ticket.brand_id,
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            direction=direction,
            fingerprint=f"test:{next(_numbers)}",
            **(values | given),
        )
        unit.session.add(message)
        unit.session.flush()
    return message


def put_tag(
    database: Database, ticket: Ticket, name: str, *, score: float | None = None, colour: str = ""
) -> None:
    with database.write() as unit:
        tag = Tag(
            brand_id=ticket.brand_id,
            name=name,
            labels={"en": name.title(), "ja": f"札{name}"},
            colour=colour,
            created_at=unit.now,
        )
        unit.session.add(tag)
        unit.session.flush()
        source = "agent" if score is None else "auto"
        unit.session.add(
            TicketTag(ticket_id=ticket.pk, tag_id=tag.pk, source=source, score=score, created_at=unit.now)
        )


def add_order(
    database: Database, customer_id: int, brand: Brand, number: str = "HK-1001", **shipment: Any
) -> Order:
    """A shipped order; with `shipment` values its parcel."""
    with database.write() as unit:
        order = Order(
            brand_id=brand.pk,
            customer_id=customer_id,
            number=number,
            state="shipped",
            total=8640,
            items=[{"name": "マグカップ", "quantity": 2, "price": 4320}],
            placed_at=unit.now - timedelta(days=5),
        )
        unit.session.add(order)
        unit.session.flush()
        if shipment:
            values = {"carrier": "yamato", "tracking_number": "4821", "state": "in_transit", **shipment}
            unit.session.add(Shipment(brand_id=brand.pk, order_id=order.pk, **values))
    return order


def customer_of(database: Database, ticket: Ticket) -> Customer:
    with database.read() as unit:
        return unit.session.get_one(Customer, ticket.customer_id)

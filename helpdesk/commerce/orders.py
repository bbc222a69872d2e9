"""Orders as agents and macros see them: with parcels, refunds and the state that a customer would ask about."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import Select, bindparam
from sqlmodel import col, select

from helpdesk.commerce import order_numbers
from helpdesk.commerce.order_numbers import Shape
from helpdesk.models import Brand, Order, Refund, Shipment
from helpdesk.store.db import Unit

NO_SCAN_FOR = timedelta(hours=72)
NEWEST = 200  # orders of a brand by which the shape of its numbers is known
NUMBER = re.compile(r"(?<![A-Z0-9-])#?([A-Z]{1,5}-?\d{3,12}|\d{4,12})(?![A-Z0-9-])")


@dataclass(frozen=True, slots=True)
class OrderCard:
    order: Order
    shipments: tuple[Shipment, ...]
    refunds: tuple[Refund, ...]
    state: str

    @property
    def shipment(self) -> Shipment | None:
        """The newest parcel."""
        return self.shipments[-1] if self.shipments else None


def list_orders(unit: Unit, customer_id: int, *, limit: int = 20) -> list[OrderCard]:
    """The customer's orders, newest first."""
    orders = unit.session.exec(
        select(Order)
        .where(Order.customer_id == customer_id)
        .order_by(col(Order.placed_at).desc())
        .limit(limit)
    ).all()
    return cards(unit, orders)


def get_card(unit: Unit, order: Order) -> OrderCard:
    return cards(unit, [order])[0]


def cards(unit: Unit, orders: Sequence[Order]) -> list[OrderCard]:
    """Orders with their parcels and refunds, in the order given; three queries whatever their number."""
    if not orders:
        return []
    ids = [order.pk for order in orders]
    shipments: dict[int, list[Shipment]] = defaultdict(list)
    for parcel in unit.session.exec(
        select(Shipment).where(col(Shipment.order_id).in_(ids)).order_by(col(Shipment.id))
    ):
        shipments[parcel.order_id].append(parcel)
    refunds: dict[int, list[Refund]] = defaultdict(list)
    for refund in unit.session.exec(
        select(Refund).where(col(Refund.order_id).in_(ids)).order_by(col(Refund.id))
    ):
        refunds[refund.order_id].append(refund)
    brand = unit.session.get(Brand, orders[0].brand_id)
    zone = brand.timezone if brand else "UTC"
    return [
        OrderCard(
            order,
            tuple(shipments[order.pk]),
            tuple(refunds[order.pk]),
            order_state(order, shipments[order.pk], refunds[order.pk], now=unit.now, zone=zone),
        )
        for order in orders
    ]


def order_state(
    order: Order, shipments: Sequence[Shipment], refunds: Sequence[Refund], *, now: datetime, zone: str
) -> str:
    """One of placed, not_shipped, late_to_ship, in_transit, late, delivered, cancelled, refunded, returned."""
    if order.state == "cancelled":
        return "refunded" if refunds else "cancelled"
    if order.state == "returned":
        return "refunded" if refunds else "returned"
    if order.payment == "refunded":
        return "refunded"
    parcel = shipments[-1] if shipments else None
    if parcel is None or parcel.state == "label":
        return _state_before_shipping(order, now=now, zone=zone)
    if parcel.state == "delivered":
        return "delivered"
    if parcel.state == "returned":
        return "returned"
    return "late" if _late(order, parcel, now=now, zone=zone) else "in_transit"


def days_late(card: OrderCard, *, now: datetime, zone: str) -> int:
    """Whole days past the day named to the customer, 0 if none was named or it is not past."""
    due = (card.shipment.expected_on if card.shipment else None) or card.order.promised_on
    return max(0, (now.astimezone(ZoneInfo(zone)).date() - due).days) if due else 0


def find_mentioned(unit: Unit, brand_id: int, text: str) -> Order | None:
    """The first order number of the brand that stands in the text."""
    numbers = mentioned_numbers(text)
    if not numbers:
        return None
    found = unit.session.exec(
        select(Order).where(Order.brand_id == brand_id, col(Order.number).in_(numbers))
    ).all()
    return min(found, key=lambda order: numbers.index(order.number), default=None)


def mentioned_numbers(text: str, *, most: int = 12) -> list[str]:
    """What looks like an order number, in text order, without repeats."""
    folded = unicodedata.normalize("NFKC", text[:20_000]).upper()
    return list(dict.fromkeys(NUMBER.findall(folded)))[:most]


def learn_shapes(unit: Unit, brand_id: int) -> tuple[Shape, ...]:
    """How the shop numbers its orders, by its newest."""
    newest = select(Order.number).where(Order.brand_id == brand_id).order_by(col(Order.id).desc())
    return order_numbers.learn(tuple(sorted(unit.session.exec(newest.limit(NEWEST)))))


def find_open_order(unit: Unit, customer_id: int) -> Order | None:
    """The newest order of the customer that has not ended, else None."""
    found: Order | None = unit.session.scalars(_going_on(), {"customer": customer_id}).first()
    return found


@cache
def _going_on() -> Select[Any]:
    return (
        sqlalchemy.select(Order)
        .where(col(Order.customer_id) == bindparam("customer"), col(Order.state).in_(("placed", "shipped")))
        .order_by(col(Order.placed_at).desc())
        .limit(1)
    )


def _state_before_shipping(order: Order, *, now: datetime, zone: str) -> str:
    today = now.astimezone(ZoneInfo(zone)).date()
    if order.promised_on and order.promised_on < today:
        return "late_to_ship"
    if order.ship_by and order.ship_by < now:
        return "late_to_ship" if now - order.ship_by > timedelta(days=2) else "not_shipped"
    return "placed" if now - order.placed_at < timedelta(hours=2) else "not_shipped"


def _late(order: Order, parcel: Shipment, *, now: datetime, zone: str) -> bool:
    today = now.astimezone(ZoneInfo(zone)).date()
    due = parcel.expected_on or order.promised_on
    silent = parcel.last_scan_at is not None and now - parcel.last_scan_at > NO_SCAN_FOR
    return bool(due and due < today) or silent or parcel.state == "exception"

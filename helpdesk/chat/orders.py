"""Order tracking for whoever knows both its number and its e-mail address; one answer for unknown and wrong."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from helpdesk.commerce.orders import OrderCard, get_card
from helpdesk.customers.identify import EMAIL, normalise
from helpdesk.models import Identity, Order
from helpdesk.store.db import Unit


def find(unit: Unit, brand_id: int, number: str, email: str, *, zone: str) -> dict[str, Any] | None:
    """What the customer may know of it. One query, whatever is wrong."""
    folded = unicodedata.normalize("NFKC", number).strip().lstrip("#").upper()[:60]
    order = unit.session.exec(
        select(Order)
        .join(Identity, col(Identity.customer_id) == col(Order.customer_id))
        .where(
            Order.brand_id == brand_id,
            Order.number == folded,
            Identity.brand_id == brand_id,
            Identity.kind == EMAIL,
            Identity.value == normalise(EMAIL, email),
        )
    ).first()
    return _shown(get_card(unit, order), zone) if order else None


def _shown(card: OrderCard, zone: str) -> dict[str, Any]:
    return {
        "number": card.order.number,
        "state": card.state,
        "placed_on": _day(card.order.placed_at, zone),
        "items": [
            {"name": str(one.get("name") or ""), "quantity": one.get("quantity") or 1}
            for one in card.order.items
        ],
        "shipments": [
            {
                "carrier": one.carrier,
                "tracking_number": one.tracking_number,
                "url": one.tracking_url,
                "state": one.state,
                "expected_on": one.expected_on.isoformat() if one.expected_on else None,
            }
            for one in card.shipments
        ],
    }


def _day(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()

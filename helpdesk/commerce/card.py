"""An order as a customer is shown it beside an answer: what it is, where it is, and where to follow it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from helpdesk import i18n
from helpdesk.commerce import words
from helpdesk.commerce.orders import OrderCard
from helpdesk.i18n import gettext as _
from helpdesk.models import Brand, Shipment

MOST_ITEMS = 3


def card_of(card: OrderCard, brand: Brand, *, language: str) -> dict[str, Any]:
    """{"order", "title", "lines", "url", "label"} in the customer's language."""
    with i18n.using(language, brand.timezone):
        parcel = card.shipment
        lines = [words.state(card.state), *_items(card), *_parcel(parcel, brand), *_expected(card)]
        url = parcel.tracking_url if parcel else None
        return {
            "order": card.order.number,
            "title": _("Order %(number)s", number=card.order.number),
            "lines": lines,
            **({"url": url, "label": _("Track the parcel")} if url else {}),
        }


def _items(card: OrderCard) -> list[str]:
    named = [
        f"{one.get('name', '')} ×{one['quantity']}"
        if one.get("quantity", 1) != 1
        else str(one.get("name", ""))
        for one in card.order.items
        if one.get("name")
    ]
    more = len(named) - MOST_ITEMS
    return [*named[:MOST_ITEMS], *([_("and %(n)s more", n=more)] if more > 0 else [])]


def _parcel(parcel: Shipment | None, brand: Brand) -> list[str]:
    if parcel is None or not parcel.tracking_number:
        return []
    return [" ".join(filter(None, (words.carrier(parcel.carrier), parcel.tracking_number)))]


def _expected(card: OrderCard) -> list[str]:
    """A day that is still to come, or was; nothing for what has ended."""
    parcel = card.shipment
    if parcel is not None and parcel.delivered_at:
        there = parcel.delivered_at.astimezone(ZoneInfo(i18n.timezone().key)).date()
        return [_("Delivered on %(day)s", day=i18n.day(there, year=False))]
    due = (parcel.expected_on if parcel else None) or card.order.promised_on
    if due is None or card.state not in ("placed", "not_shipped", "in_transit"):
        return []
    return [_("Expected on %(day)s", day=i18n.day(due, year=False))]

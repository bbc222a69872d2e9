"""States of orders, carriers and reasons for points as people say them, in the reader's language."""

from __future__ import annotations

from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy

STATES = {
    "placed": lazy("Order placed"),
    "not_shipped": lazy("Being prepared"),
    "late_to_ship": lazy("Shipping is late"),
    "in_transit": lazy("On its way"),
    "late": lazy("Delivery is late"),
    "delivered": lazy("Delivered"),
    "cancelled": lazy("Cancelled"),
    "refunded": lazy("Refunded"),
    "returned": lazy("Returned"),
}
CARRIERS = {
    "yamato": lazy("Yamato Transport"),
    "sagawa": lazy("Sagawa Express"),
    "japanpost": lazy("Japan Post"),
    "ups": "UPS",
    "fedex": "FedEx",
    "dhl": "DHL",
    "usps": "USPS",
}
REASONS = {
    "apology": lazy("Apology"),
    "late_delivery": lazy("Late delivery"),
    "damaged_item": lazy("Damaged item"),
    "wrong_item": lazy("Wrong item"),
    "missing_item": lazy("Missing item"),
    "our_mistake": lazy("Our mistake"),
    "goodwill": lazy("Goodwill"),
}  # why points are given; agents may also write their own


def state(name: str) -> str:
    return _(STATES.get(name, name))


def carrier(name: str) -> str:
    return _(CARRIERS[name.lower()]) if name.lower() in CARRIERS else name


def reason(name: str) -> str:
    return _(REASONS[name]) if name in REASONS else name

"""The facts a macro can speak of: filled by the caller, read by render. Every leaf may be None, which means missing.

`VARIABLES` is the schema the catalog checks templates against, and the table in docs/macros.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, get_args

OrderState = Literal[
    "none", "placed", "not_shipped", "late_to_ship", "in_transit", "late", "delivered", "cancelled", "refunded", "returned"
]
ORDER_STATES: tuple[OrderState, ...] = get_args(OrderState)


def _leaf(meaning: str) -> Any:
    return field(default=None, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency: yen for JPY, cents for USD."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    name: str | None = _leaf("full name as the customer writes it")
    family_name: str | None = _leaf("family name")
    given_name: str | None = _leaf("given name")
    email: str | None = _leaf("e-mail address")
    language: str | None = _leaf("language code, `ja` or `en`")
    tier: str | None = _leaf("loyalty tier, in words")
    points_balance: int | None = _leaf("loyalty points the customer holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    number: str | None = _leaf("ticket number")
    subject: str | None = _leaf("subject of the ticket")
    channel: str | None = _leaf("channel of the reply: `email`, `chat`, `line` …")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    number: str | None = _leaf("order number")
    placed_on: date | None = _leaf("day of the order")
    total: Money | None = _leaf("total paid")
    items: str | None = _leaf("what was bought, in one line")
    status: str | None = _leaf("status in words, in the customer's language")
    state: OrderState | None = _leaf("state of the order, one of the order states")
    promised_on: date | None = _leaf("day by which the shop promised delivery")
    address_line: str | None = _leaf("delivery address in one line")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    carrier: str | None = _leaf("carrier")
    tracking_number: str | None = _leaf("tracking number")
    tracking_url: str | None = _leaf("address of the carrier's tracking page")
    shipped_on: date | None = _leaf("day the parcel left")
    last_scan_on: date | None = _leaf("day of the carrier's last scan")
    last_scan_place: str | None = _leaf("place of the carrier's last scan")
    expected_on: date | None = _leaf("day the parcel is expected")
    delivered_on: date | None = _leaf("day of delivery according to the carrier")
    state: str | None = _leaf("state of the parcel, as the carrier says")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    amount: Money | None = _leaf("amount refunded")
    on: date | None = _leaf("day the refund was made")
    method: str | None = _leaf("way of the refund, such as the card")


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    balance: int | None = _leaf("points held, after any grant")
    granted: int | None = _leaf("points given now; filled from the macro's own `grant_points`")
    expires_on: date | None = _leaf("day the points expire")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    name: str | None = _leaf("what is subscribed to")
    next_on: date | None = _leaf("day of the next charge or delivery")
    change_by: date | None = _leaf("last day on which the next delivery can be changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    name: str | None = _leaf("the product asked about")
    restock_on: date | None = _leaf("day it is expected back in stock")
    size_advice: str | None = _leaf("size advice of the product page, in the customer's language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    code: str | None = _leaf("coupon code")
    expires_on: date | None = _leaf("last day of the coupon")
    minimum: Money | None = _leaf("order value from which the coupon is valid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    name: str | None = _leaf("name of the shop")
    url: str | None = _leaf("address of the shop")
    phone: str | None = _leaf("telephone number")
    return_days: int | None = _leaf("days after delivery within which returns are taken")
    support_hours: str | None = _leaf("support hours, in the customer's language")
    free_shipping_from: Money | None = _leaf("order value from which delivery is free")
    invoice_number: str | None = _leaf("qualified invoice issuer number (T and 13 digits)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    name: str | None = _leaf("name of the agent")
    signature: str | None = _leaf("name the agent signs with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything known when a macro is applied. A group left out is wholly missing."""

    customer: Customer = Customer()
    ticket: Ticket = Ticket()
    order: Order = Order()
    shipment: Shipment = Shipment()
    refund: Refund = Refund()
    points: Points = Points()
    subscription: Subscription = Subscription()
    product: Product = Product()
    coupon: Coupon = Coupon()
    brand: Brand = Brand()
    agent: Agent = Agent()


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing a template may name: `group.leaf`, its kind (text, date, money, number) and its meaning."""

    name: str
    kind: str
    meaning: str


_KINDS = {"str": "text", "OrderState": "text", "date": "date", "Money": "money", "int": "number"}
_SALUTATION = Variable(
    "customer.salutation", "text", "how to address the customer; never missing (山田 花子様 / お客様, Hanako / there)"
)


def _variables() -> Mapping[str, Variable]:
    found = {_SALUTATION.name: _SALUTATION}
    for group in fields(Facts):
        for leaf in fields(type(group.default)):
            kind = _KINDS[str(leaf.type).removesuffix(" | None")]
            name = f"{group.name}.{leaf.name}"
            found[name] = Variable(name, kind, leaf.metadata["meaning"])
    return MappingProxyType(found)


VARIABLES: Mapping[str, Variable] = _variables()

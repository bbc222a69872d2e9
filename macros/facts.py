"""The facts a macro can speak of: filled by the caller, read by render. Every leaf may be None: missing.

`VARIABLES` is the schema the catalog checks templates against, and the table in docs/macros.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Annotated, Literal, get_args, get_type_hints

OrderState = Literal[
    "none",
    "placed",
    "not_shipped",
    "late_to_ship",
    "in_transit",
    "late",
    "delivered",
    "cancelled",
    "refunded",
    "returned",
]
ORDER_STATES: tuple[OrderState, ...] = get_args(OrderState)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency: yen for JPY, cents for USD."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    name: Annotated[str | None, "full name as the customer writes it"] = None
    family_name: Annotated[str | None, "family name"] = None
    given_name: Annotated[str | None, "given name"] = None
    email: Annotated[str | None, "e-mail address"] = None
    language: Annotated[str | None, "language code, `ja` or `en`"] = None
    tier: Annotated[str | None, "loyalty tier, in words"] = None
    points_balance: Annotated[int | None, "loyalty points the customer holds"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    number: Annotated[str | None, "ticket number"] = None
    subject: Annotated[str | None, "subject of the ticket"] = None
    channel: Annotated[str | None, "channel of the reply: `email`, `chat`, `line` …"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    number: Annotated[str | None, "order number"] = None
    placed_on: Annotated[date | None, "day of the order"] = None
    total: Annotated[Money | None, "total paid"] = None
    items: Annotated[str | None, "what was bought, in one line"] = None
    status: Annotated[str | None, "status in words, in the customer's language"] = None
    state: Annotated[OrderState | None, "state of the order, one of the order states"] = None
    promised_on: Annotated[date | None, "day by which the shop promised delivery"] = None
    address_line: Annotated[str | None, "delivery address in one line"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    carrier: Annotated[str | None, "carrier"] = None
    tracking_number: Annotated[str | None, "tracking number"] = None
    tracking_url: Annotated[str | None, "address of the carrier's tracking page"] = None
    shipped_on: Annotated[date | None, "day the parcel left"] = None
    last_scan_on: Annotated[date | None, "day of the carrier's last scan"] = None
    last_scan_place: Annotated[str | None, "place of the carrier's last scan"] = None
    expected_on: Annotated[date | None, "day the parcel is expected"] = None
    delivered_on: Annotated[date | None, "day of delivery according to the carrier"] = None
    state: Annotated[str | None, "state of the parcel, as the carrier says"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    amount: Annotated[Money | None, "amount refunded"] = None
    on: Annotated[date | None, "day the refund was made"] = None
    method: Annotated[str | None, "way of the refund, such as the card"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    balance: Annotated[int | None, "points held, after any grant"] = None
    granted: Annotated[
        int | None, "points given now; taken from the macro's `grant_points` if it has one"
    ] = None
    expires_on: Annotated[date | None, "day the points expire"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    name: Annotated[str | None, "what is subscribed to"] = None
    next_on: Annotated[date | None, "day of the next charge or delivery"] = None
    change_by: Annotated[date | None, "last day on which the next delivery can be changed"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    name: Annotated[str | None, "the product asked about"] = None
    restock_on: Annotated[date | None, "day it is expected back in stock"] = None
    size_advice: Annotated[str | None, "size advice of the product page, in the customer's language"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    code: Annotated[str | None, "coupon code"] = None
    expires_on: Annotated[date | None, "last day of the coupon"] = None
    minimum: Annotated[Money | None, "order value from which the coupon is valid"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    name: Annotated[str | None, "name of the shop"] = None
    url: Annotated[str | None, "address of the shop"] = None
    phone: Annotated[str | None, "telephone number"] = None
    return_days: Annotated[int | None, "days after delivery within which returns are taken"] = None
    support_hours: Annotated[str | None, "support hours, in the customer's language"] = None
    free_shipping_from: Annotated[Money | None, "order value from which delivery is free"] = None
    invoice_number: Annotated[str | None, "qualified invoice issuer number (T and 13 digits)"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    name: Annotated[str | None, "name of the agent"] = None
    signature: Annotated[str | None, "name the agent signs with"] = None


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


_KINDS = {str: "text", OrderState: "text", date: "date", Money: "money", int: "number"}
_SALUTATION = Variable(
    "customer.salutation",
    "text",
    "how to address the customer, never missing: 山田 花子様, お客様, Hanako, there",
)


def _variables() -> Mapping[str, Variable]:
    found = {_SALUTATION.name: _SALUTATION}
    for group in fields(Facts()):
        hints = get_type_hints(type(getattr(Facts(), group.name)), include_extras=True)
        for leaf, hint in hints.items():
            optional, meaning = get_args(hint)
            name = f"{group.name}.{leaf}"
            found[name] = Variable(name, _KINDS[get_args(optional)[0]], meaning)
    return MappingProxyType(found)


VARIABLES: Mapping[str, Variable] = _variables()

"""What the customer bought: orders, parcels, refunds, and the points ledger."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, select, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, json_field

RETURNED = text("returned_at IS NOT NULL")
CANCELLED = text("cancelled_at IS NOT NULL")


def _buyer(context: DefaultExecutionContext) -> int | None:
    """Whose order it is. Kept beside it, so that a customer's newest parcels are found without all their orders."""
    order = Order.__table__.c  # type: ignore[attr-defined]
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]
    wanted = select(order.customer_id).where(order.id == given["order_id"])
    found: int | None = context.connection.scalar(wanted)
    return found


def _buyer_field() -> Any:
    return Field(default=None, foreign_key="customers.id", sa_column_kwargs={"default": _buyer})


class Product(Table, table=True):
    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("brand_id", "sku"),)

    brand_id: int = Field(foreign_key="brands.id")
    sku: str = Field(max_length=60)
    names: dict[str, str] = json_field()  # language -> name
    category: str = Field(default="", max_length=80)
    price: int = 0  # minor units


class Order(Keyed, table=True):
    """`state`: placed, shipped, delivered, cancelled, returned. Lateness is derived, never stored."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("brand_id", "source", "number"),
        Index("ix_orders_customer", "customer_id", "placed_at"),
        Index(
            "ix_orders_cancelled",
            *("customer_id", "cancelled_at"),
            sqlite_where=CANCELLED,
            postgresql_where=CANCELLED,
        ),
        Index(
            "ix_orders_returned",
            *("customer_id", "returned_at"),
            sqlite_where=RETURNED,
            postgresql_where=RETURNED,
        ),
    )

    brand_id: int = Field(foreign_key="brands.id")
    customer_id: int = Field(foreign_key="customers.id")
    source: str = Field(default="builtin", max_length=24)
    number: str = Field(max_length=60, index=True)  # as the customer knows it, for example HK-20391
    state: str = Field(default="placed", max_length=16)
    payment: str = Field(default="paid", max_length=24)  # pending, paid, partly_refunded, refunded, voided
    total: int = 0  # minor units
    currency: str = Field(default="JPY", max_length=3)
    items: list[dict[str, Any]] = json_field(list)  # {"sku","name","quantity","price","category"}
    address: dict[str, Any] = json_field()  # {"name","postcode","region","line"}
    placed_at: datetime
    ship_by: datetime | None = None  # the cut-off until which it can still be changed
    promised_on: date | None = None  # the day named to the customer
    cancelled_at: datetime | None = None
    returned_at: datetime | None = None  # when it came back


class Shipment(Table, table=True):
    """`state`: label, in_transit, out_for_delivery, delivered, exception, returned."""

    __tablename__ = "shipments"
    __table_args__ = (
        Index("ix_shipments_shipped", "buyer_id", "shipped_at"),
        Index("ix_shipments_delivered", "buyer_id", "delivered_at"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    order_id: int = Field(foreign_key="orders.id", index=True)
    buyer_id: int | None = _buyer_field()
    carrier: str = Field(default="", max_length=40)  # yamato, sagawa, japanpost, ups …
    tracking_number: str = Field(default="", max_length=60, index=True)
    tracking_url: str | None = None
    state: str = Field(default="label", max_length=20)
    shipped_at: datetime | None = None
    expected_on: date | None = None
    delivered_at: datetime | None = None
    last_scan_at: datetime | None = None
    last_scan_place: str = Field(default="", max_length=120)


class Refund(Table, table=True):
    __tablename__ = "refunds"
    __table_args__ = (Index("ix_refunds_buyer", "buyer_id", "created_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    order_id: int = Field(foreign_key="orders.id", index=True)
    buyer_id: int | None = _buyer_field()
    amount: int  # minor units
    currency: str = Field(default="JPY", max_length=3)
    method: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=200)
    state: str = Field(default="done", max_length=16)  # requested, done
    created_at: datetime


class PointsEntry(Table, table=True):
    """One line of the ledger; only ever added. A mistake is undone by an opposite line."""

    __tablename__ = "points_entries"
    __table_args__ = (
        UniqueConstraint("brand_id", "idempotency_key"),
        Index("ix_points_entries_customer", "customer_id", "created_at"),
        Index("ix_points_entries_agent", "agent_id", "created_at"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    customer_id: int = Field(foreign_key="customers.id")
    amount: int  # signed
    kind: str = Field(max_length=16)  # earned, redeemed, apology, adjusted, expired
    reason: str = Field(default="", max_length=200)
    idempotency_key: str = Field(max_length=80)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", index=True)
    order_id: int | None = Field(default=None, foreign_key="orders.id")
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    approved_by_id: int | None = Field(default=None, foreign_key="agents.id")
    expires_on: date | None = None
    created_at: datetime


class PointsRequest(Keyed, table=True):
    """A grant above a limit, waiting for a lead."""

    __tablename__ = "points_requests"
    __table_args__ = (UniqueConstraint("brand_id", "idempotency_key"),)

    brand_id: int = Field(foreign_key="brands.id")
    customer_id: int = Field(foreign_key="customers.id")
    ticket_id: int = Field(foreign_key="tickets.id", index=True)
    agent_id: int = Field(foreign_key="agents.id")
    amount: int
    reason: str = Field(default="", max_length=200)
    limit: str = Field(default="", max_length=40)  # which limit it would have broken
    state: str = Field(default="waiting", max_length=16, index=True)  # waiting, approved, refused
    decided_by_id: int | None = Field(default=None, foreign_key="agents.id")
    decided_at: datetime | None = None
    idempotency_key: str = Field(max_length=80)
    created_at: datetime

"""The list of customers, found by name, address or order number, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, func, or_, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.inbox import cursor, filter_words
from helpdesk.models import Brand, Customer, Identity
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class CustomerRow:
    key: str
    name: str
    address: str | None
    kind: str  # of the address
    region: str
    tier: str
    vip: bool
    points: int
    spent: int
    currency: str
    orders_count: int
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerPage:
    rows: tuple[CustomerRow, ...]
    next: str | None


def rows(unit: Unit, access: Access, *, q: str = "", after: str = "", limit: int = 50) -> CustomerPage:
    """Customers, those last heard of first."""
    seen = func.coalesce(col(Customer.last_seen_at), col(Customer.created_at))
    wanted = (
        select(
            *(col(Customer.id), col(Customer.key), col(Customer.name), _first("shown").label("address")),
            _first("kind").label("kind"),
            *(col(Customer.region), col(Customer.tier), col(Customer.vip), col(Customer.points)),
            *(col(Customer.spent), col(Brand.currency), col(Customer.orders_count), seen.label("seen")),
        )
        .join(Brand, col(Brand.id) == col(Customer.brand_id))
        .where(col(Customer.brand_id).in_(access.brand_ids), col(Customer.merged_into_id).is_(None))
        .order_by(seen.desc(), col(Customer.id).desc())
        .limit(limit + 1)
    )
    if q:
        wanted = wanted.where(col(Customer.id).in_(filter_words.find_customers(access, q)))
    if after:
        _rank, at, last = cursor.get(after)
        wanted = wanted.where(or_(seen < at, and_(seen == at, col(Customer.id) < last)))
    found = unit.session.execute(wanted).all()
    more = found[limit - 1] if len(found) > limit else None
    return CustomerPage(
        tuple(CustomerRow(*row[1:]) for row in found[:limit]),
        cursor.put(more.seen, more.id) if more else None,
    )


def _first(column: str) -> ScalarSelect[str]:
    """Of what a customer was known by first."""
    return (
        select(col(getattr(Identity, column)))
        .where(col(Identity.customer_id) == col(Customer.id))
        .order_by(col(Identity.id))
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )

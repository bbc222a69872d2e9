"""The state of a ticket's order as conditions; the same rules as `commerce.orders.order_state`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlmodel import col

from helpdesk.commerce.orders import NO_SCAN_FOR
from helpdesk.models import Order, Refund, Shipment, Ticket

Condition = ColumnElement[bool]
MOVING = ("in_transit", "out_for_delivery", "exception")
SHIP_GRACE = timedelta(days=2)


def conditions(states: tuple[str, ...], *, now: datetime, today: date) -> Iterable[Condition]:
    """One condition: the ticket's order is in one of the states, or there is none."""
    if not states:
        return
    ways: list[Condition] = [col(Ticket.order_id).is_(None)] if "none" in states else []
    known = _states(now, today)
    if wanted := [known[state] for state in states if state != "none"]:
        found = select(col(Order.id)).outerjoin(Shipment, col(Shipment.id) == _newest_parcel())
        found = found.where(col(Order.id) == col(Ticket.order_id), or_(*wanted))
        ways.append(exists(found.correlate(Ticket)))
    yield or_(*ways)


def _states(now: datetime, today: date) -> dict[str, Condition]:
    parcel = func.coalesce(col(Shipment.state), "label")
    over = col(Order.state).in_(("cancelled", "returned"))
    refunds = exists(select(col(Refund.id)).where(col(Refund.order_id) == col(Order.id)).correlate(Order))
    running = and_(not_(over), col(Order.payment) != "refunded")
    before = and_(running, parcel == "label")
    ship_late = or_(
        func.coalesce(col(Order.promised_on) < today, False),
        func.coalesce(col(Order.ship_by) < now - SHIP_GRACE, False),
    )
    late = or_(
        func.coalesce(func.coalesce(col(Shipment.expected_on), col(Order.promised_on)) < today, False),
        func.coalesce(col(Shipment.last_scan_at) < now - NO_SCAN_FOR, False),
        parcel == "exception",
    )
    moving = and_(running, parcel.in_(MOVING))
    return {
        "not_shipped": before,
        "late_to_ship": and_(before, ship_late),
        "in_transit": and_(moving, not_(late)),
        "late": and_(moving, late),
        "delivered": and_(running, parcel == "delivered"),
        "returned": or_(
            and_(col(Order.state) == "returned", not_(refunds)), and_(running, parcel == "returned")
        ),
        "cancelled": and_(col(Order.state) == "cancelled", not_(refunds)),
        "refunded": or_(and_(over, refunds), and_(not_(over), col(Order.payment) == "refunded")),
    }


def _newest_parcel() -> ColumnElement[int | None]:
    newest = select(func.max(col(Shipment.id))).where(col(Shipment.order_id) == col(Order.id))
    return newest.correlate(Order).scalar_subquery()

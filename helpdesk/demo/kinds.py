"""Which stories there are: how often, about which orders and when, and how they are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from helpdesk.demo.moments import at
from helpdesk.demo.orders import PlannedOrder

Span = tuple[datetime, datetime]
Window = Callable[[PlannedOrder, datetime], Span | None]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """`count` in a demo of full size; `window` None: it needs no order. The chances are 0–1."""

    key: str
    count: int
    window: Window | None = None
    macro: str | None = None
    urgent: bool = False
    talk: float = 0.18  # the customer comes back with more
    thanks: float = 0.35
    photo: float = 0.0
    points: float = 0.0  # we apologise with points
    recent: float = 0.17  # share within the last days


def before_shipping(order: PlannedOrder, _now: datetime) -> Span | None:
    if order.fate not in ("normal", "tardy", "damaged", "returned", "unfound"):
        return None
    return order.placed_at + 0.4 * HOUR, order.ship_by - HOUR


def on_its_way(order: PlannedOrder, _now: datetime) -> Span | None:
    if order.shipped_at is None or order.delivered_at is None or order.fate == "tardy":
        return None
    return order.shipped_at + 5 * HOUR, order.delivered_at - 5 * HOUR


def tardy(order: PlannedOrder, _now: datetime) -> Span | None:
    if order.fate != "tardy" or order.delivered_at is None:
        return None
    return at(order.promised_on + DAY, time(7)), order.delivered_at - 6 * HOUR


def stuck(order: PlannedOrder, now: datetime) -> Span | None:
    if order.fate != "stuck":
        return None
    return max(at(order.promised_on + DAY, time(7)), now - 6.5 * DAY), now - 0.2 * HOUR


def silent(order: PlannedOrder, now: datetime) -> Span | None:
    return (
        (at(order.promised_on + DAY, time(7)), now - HOUR) if order.fate in ("silent", "exception") else None
    )


def overdue(order: PlannedOrder, now: datetime) -> Span | None:
    return (at(order.promised_on + DAY, time(7)), now - HOUR) if order.fate == "overdue" else None


def unfound(order: PlannedOrder, _now: datetime) -> Span | None:
    return _after_delivery(order, 4 * HOUR, 3 * DAY) if order.fate == "unfound" else None


def cancelled(order: PlannedOrder, _now: datetime) -> Span | None:
    if order.fate != "cancelled" or order.ended_at is None:
        return None
    return order.placed_at + 0.2 * HOUR, order.ended_at - 0.3 * HOUR


def damaged(order: PlannedOrder, _now: datetime) -> Span | None:
    return _after_delivery(order, HOUR, 1.2 * DAY) if order.fate == "damaged" else None


def arrived(order: PlannedOrder, _now: datetime) -> Span | None:
    return _after_delivery(order, 2 * HOUR, 6 * DAY) if order.fate == "normal" else None


def long_arrived(order: PlannedOrder, _now: datetime) -> Span | None:
    return _after_delivery(order, DAY, 30 * DAY) if order.fate == "normal" else None


def sent_back(order: PlannedOrder, _now: datetime) -> Span | None:
    if order.fate not in ("returned", "returning") or order.delivered_at is None or order.ended_at is None:
        return None
    return order.delivered_at + 6 * HOUR, order.ended_at - 3.5 * DAY


def awaiting_money(order: PlannedOrder, now: datetime) -> Span | None:
    if order.fate != "returning" or order.ended_at is None:
        return None
    return order.ended_at + 3 * DAY, now - HOUR


def refunded(order: PlannedOrder, _now: datetime) -> Span | None:
    return (
        (order.refunded_at + DAY, order.refunded_at + 8 * DAY)
        if order.fate == "returned" and order.refunded_at
        else None
    )


def _after_delivery(order: PlannedOrder, since: timedelta, until: timedelta) -> Span | None:
    return (order.delivered_at + since, order.delivered_at + until) if order.delivered_at else None


# The tags that agents would give a story: what it is about, then what some of its wordings are about as well.
# One that is cancelled in one wording and skipped in the next is not among them.
ABOUT: dict[str, tuple[str, ...]] = {
    "stuck": ("order_status", "refund", "cancel_order", "complaint"),
    "silent": ("order_status", "refund", "cancel_order", "complaint"),
    "overdue": ("order_status", "cancel_order", "complaint"),
    "tardy": ("order_status", "complaint"),
    "unfound": ("order_status", "complaint"),
    "cancel": ("cancel_order", "refund"),
    "damaged": ("damaged_item", "exchange", "refund", "return"),
    "return": ("return", "refund", "exchange"),
    "refund_wait": ("refund", "return"),
    "refund_done": ("refund",),
    "in_transit": ("order_status", "change_order"),
    "unshipped": ("order_status",),
    "new_address": ("change_address",),
    "address_late": ("change_address",),
    "change": ("change_order",),
    "cancel_late": ("cancel_order", "return", "refund"),
    "wrong_item": ("wrong_item", "exchange", "return", "refund"),
    "missing": ("missing_item",),
    "exchange": ("exchange", "size_fit", "return"),
    "receipt": ("invoice_receipt",),
    "feedback": ("feedback_review",),
    "angry": ("complaint", "order_status", "refund"),
    "question": ("product_question", "size_fit", "stock_availability"),
    "restock": ("stock_availability",),
    "delivery": ("delivery_options",),
    "points": ("loyalty_points",),
    "coupon": ("discount_code",),
    "login": ("account_login",),
    "payment": ("payment",),
    "newsletter": ("newsletter",),
    "wholesale": ("wholesale_partnership",),
    "person": ("human_agent",),
    "account": ("account_change",),
}

KINDS = (
    Kind("stuck", 24, stuck, "order_late", urgent=True, talk=0.3, recent=0.55),
    Kind("silent", 5, silent, "order_late", urgent=True, talk=0.3, recent=0.5),
    Kind("overdue", 10, overdue, "order_late_to_ship", urgent=True, recent=0.6),
    Kind("tardy", 26, tardy, "order_late", urgent=True, talk=0.55, points=0.7),
    Kind(
        "unfound",
        9,
        unfound,
        "order_delivered_not_received",
        urgent=True,
        talk=0.75,
        points=0.3,
    ),
    Kind("cancel", 18, cancelled, "cancel_done", urgent=True, talk=0.05),
    Kind("damaged", 18, damaged, "damaged_item", urgent=True, talk=0.85, photo=0.6, points=0.6),
    Kind("return", 20, sent_back, "return_steps", talk=0.5),
    Kind("refund_wait", 6, awaiting_money, "refund_in_progress", urgent=True, recent=0.4),
    Kind("refund_done", 6, refunded, "refund_done", talk=0.1),
    Kind("in_transit", 34, on_its_way, "order_in_transit", talk=0.08),
    Kind("unshipped", 24, before_shipping, "order_not_shipped", talk=0.1),
    Kind("new_address", 14, before_shipping, "address_changed", urgent=True, talk=0.05, recent=0.25),
    Kind("address_late", 6, on_its_way, "address_too_late", urgent=True, talk=0.6),
    Kind("change", 12, before_shipping, "change_order_done", urgent=True, recent=0.25),
    Kind("cancel_late", 7, on_its_way, "cancel_too_late", talk=0.4),
    Kind("wrong_item", 12, arrived, "wrong_item", urgent=True, talk=0.8, photo=0.4, points=0.5),
    Kind("missing", 11, arrived, "missing_item", urgent=True, talk=0.5, points=0.4),
    Kind("exchange", 8, arrived, "exchange_steps", talk=0.4),
    Kind("receipt", 15, long_arrived, None, thanks=0.5),
    Kind("feedback", 13, arrived, "feedback_thanks", talk=0.0, thanks=0.1, recent=0.1),
    Kind("angry", 8, tardy, "complaint_listening", urgent=True, talk=0.6, points=0.6, recent=0.3),
    Kind("question", 30, None, None, thanks=0.5),
    Kind("restock", 12, None, None, talk=0.05),
    Kind("delivery", 11, None, "delivery_options", talk=0.1),
    Kind("points", 9, None, "points_balance", talk=0.1),
    Kind("coupon", 8, None, None),
    Kind("subscription", 13, None, None, urgent=True, talk=0.1),
    Kind("login", 6, None, "login_help", talk=0.4),
    Kind("payment", 7, None, "payment_problem", urgent=True, talk=0.5),
    Kind("newsletter", 5, None, "newsletter_stopped", talk=0.0, thanks=0.1),
    Kind("wholesale", 6, None, "wholesale_inquiry", talk=0.3),
    Kind("person", 4, None, None, urgent=True, talk=0.4),
    Kind("account", 4, None, None, talk=0.2),
    Kind("spam", 9, None, None),
)

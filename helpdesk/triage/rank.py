"""Urgency, 0-100: what the words say plus what the helpdesk knows. Every point has a reason; they add up.

Weights stand here and nowhere else. Adding a reason or an hour of waiting never lowers the score.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from classifiers import Reason
from classifiers.urgency import fit_to_scale
from helpdesk.commerce import orders
from helpdesk.commerce.orders import OrderCard
from helpdesk.models import Brand, Customer, Order, Status, Tag, Ticket, TicketTag
from helpdesk.store.db import Database, Unit

WAIT_MOST = 14  # points that waiting alone can give, reached after about two days
WAIT_PER_DOUBLING = 2.5
STATE_POINTS = {"late": 14, "late_to_ship": 12}
PER_DAY_LATE, DAYS_LATE_MOST = 1, 5
CUTOFF_POINTS = 15  # something can still be changed, but not for long
CUTOFF_WITHIN = timedelta(hours=24)
CUTOFF_TAGS = frozenset(
    ("cancel_order", "change_order", "change_address", "subscription_skip", "subscription_cancel")
)
VALUE_POINTS = ((50_000, 8), (20_000, 5), (10_000, 3))  # order total in yen or its like
VIP_POINTS = 8
LEVELS = ((75, "urgent"), (50, "high"), (25, "normal"), (0, "low"))
FIXED = {"low": 10, "normal": 37, "high": 62, "urgent": 90}
ASIDE_TAGS = frozenset(  # a late order does not make a question about something else urgent
    (
        "account_change", "account_login", "delivery_options", "discount_code", "feedback_review", "loyalty_points",
        "newsletter", "product_question", "size_fit", "stock_availability", "wholesale_partnership",
    )
)  # fmt: skip
QUIET_TAGS = frozenset({"spam", "no_reply_needed"})

__all__ = ["FIXED", "LEVELS", "fixed", "level", "plan", "rerank", "rerank_waiting", "score", "weigh"]


def rerank(unit: Unit, ticket: Ticket, tags: Collection[str] | None = None) -> None:
    """Write score and reasons on the ticket; an agent's correction wins while it stands."""
    reasons: tuple[Reason, ...]
    if ticket.urgency_fixed is not None:
        reasons = (fixed(ticket.urgency_fixed),)
    else:
        reasons = plan(unit, ticket, tags)
    ticket.urgency = score(reasons)
    ticket.urgency_reasons = [{"code": reason.code, "points": reason.points} for reason in reasons]


def plan(unit: Unit, ticket: Ticket, tags: Collection[str] | None = None) -> tuple[Reason, ...]:
    """The reasons as things stand now, heaviest first, trimmed to 0-100. `tags` spares a query where known."""
    brand = unit.session.get_one(Brand, ticket.brand_id)
    customer = unit.session.get_one(Customer, ticket.customer_id)
    order = unit.session.get(Order, ticket.order_id) if ticket.order_id else None
    card = orders.get_card(unit, order) if order else None
    known = decide(
        tags=_tag_names(unit, ticket) if tags is None else tags,
        card=card,
        vip=customer.vip,
        waiting_since=ticket.waiting_since,
        now=unit.now,
        zone=brand.timezone,
    )
    return weigh(ticket.text_reasons, known)


def fixed(points: int) -> Reason:
    """An agent's own word."""
    return Reason("fixed", points)


def weigh(words: Iterable[Mapping[str, Any]], known: Iterable[Reason]) -> tuple[Reason, ...]:
    """What the words gave (as a ticket keeps it) and what else is known, heaviest first, trimmed to 0-100."""
    said = [Reason(str(one["code"]), int(one["points"])) for one in words]
    return fit_to_scale(sorted([*said, *known], key=lambda reason: (-reason.points, reason.code)))


def decide(
    *,
    tags: Iterable[str],
    card: OrderCard | None,
    vip: bool,
    waiting_since: datetime | None,
    now: datetime,
    zone: str,
) -> list[Reason]:
    """What is known beside the words, as reasons with points."""
    tags = set(tags)
    if tags & QUIET_TAGS:
        return []
    reasons = [Reason("wait", _wait(waiting_since, now)), Reason("vip", VIP_POINTS if vip else 0)]
    if card:
        reasons += _order(card, tags, now=now, zone=zone)
    return [reason for reason in reasons if reason.points]


def level(points: int) -> str:
    """urgent, high, normal or low."""
    return next(name for least, name in LEVELS if points >= least)


def score(reasons: Sequence[Reason]) -> int:
    return sum(reason.points for reason in reasons)


def rerank_waiting(database: Database, *, batch: int = 200) -> int:
    """Waiting makes urgent: re-rank every open ticket, in short units. Returns how many changed."""
    changed, last = 0, 0
    while True:
        with database.write() as unit:
            tickets = unit.session.exec(
                select(Ticket)
                .where(Ticket.status == Status.OPEN, col(Ticket.id) > last)
                .order_by(col(Ticket.id))
                .limit(batch)
                .with_for_update(skip_locked=True)
            ).all()
            for ticket in tickets:
                before = ticket.urgency
                rerank(unit, ticket)
                changed += ticket.urgency != before
            if tickets:
                last = tickets[-1].pk
        if len(tickets) < batch:
            return changed


def _tag_names(unit: Unit, ticket: Ticket) -> list[str]:
    on = select(Tag.name).join(TicketTag, col(TicketTag.tag_id) == col(Tag.id))
    return list(unit.session.exec(on.where(TicketTag.ticket_id == ticket.id)))


def _wait(since: datetime | None, now: datetime) -> int:
    if since is None or since >= now:
        return 0
    hours = (now - since) / timedelta(hours=1)
    return min(WAIT_MOST, round(WAIT_PER_DOUBLING * math.log2(1 + hours)))


def _order(card: OrderCard, tags: set[str], *, now: datetime, zone: str) -> list[Reason]:
    about = not tags or not tags <= ASIDE_TAGS
    reasons = [Reason(f"order:{card.state}", STATE_POINTS.get(card.state, 0) if about else 0)]
    if about and card.state in STATE_POINTS:
        late = min(DAYS_LATE_MOST, orders.days_late(card, now=now, zone=zone))
        reasons.append(Reason("days_late", PER_DAY_LATE * late))
    closing = card.order.ship_by is not None and timedelta() < card.order.ship_by - now <= CUTOFF_WITHIN
    if closing and tags & CUTOFF_TAGS and card.state in ("placed", "not_shipped"):
        reasons.append(Reason("ship_cutoff", CUTOFF_POINTS))
    reasons.append(Reason("order_value", _value(card)))
    return reasons


def _value(card: OrderCard) -> int:
    worth = card.order.total if card.order.currency in ("JPY", "KRW") else card.order.total * 1.5
    return next((points for least, points in VALUE_POINTS if worth >= least), 0)


def set_fixed(unit: Unit, ticket: Ticket, points: int | None) -> None:
    """An agent's own level, or None to let the score rule again."""
    ticket.urgency_fixed = points
    rerank(unit, ticket)

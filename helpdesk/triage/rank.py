"""Urgency, 0-100: what the words say plus what the helpdesk knows. Every point has a reason; they add up.

What each part weighs stands in triage.weights. Adding a reason or an hour of waiting never lowers the score, and who
tells of harm stands above everybody who does not.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from classifiers import Reason
from classifiers.urgency import HIGHEST, fit_to_scale
from helpdesk.commerce import orders
from helpdesk.commerce.orders import OrderCard
from helpdesk.models import Status, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.tickets.tag import PRODUCT
from helpdesk.triage import known
from helpdesk.triage.known import Known
from helpdesk.triage.weights import USUAL, Weights
from helpdesk.triage.words import tells_of_harm

WAIT_DOUBLINGS = 5.6  # of the first hour, until waiting weighs all that it can: about two days
DAYS_LATE_MOST = 5
CUTOFF_WITHIN = timedelta(hours=24)
CUTOFF_TAGS = frozenset(
    ("cancel_order", "change_order", "change_address", "subscription_skip", "subscription_cancel")
)
VALUE_STEPS = (
    (50_000, 1.0),
    (20_000, 0.6),
    (10_000, 0.4),
)  # order total in yen or its like: share of the points
NOT_THERE = ("placed", "not_shipped", "in_transit")
LEVELS = ((75, "urgent"), (50, "high"), (25, "normal"), (0, "low"))
FIXED = {"low": 10, "normal": 37, "high": 62, "urgent": 90}
SAFETY_FROM = 91  # above an agent's own "urgent", and above all that does not tell of harm
CROWDED_FROM, CROWD = 75, 70  # so many points above the first share the room that is left below SAFETY_FROM
ASIDE_TAGS = frozenset(  # a late order does not make a question about something else urgent
    (
        "account_change", "account_login", "delivery_options", "discount_code", "feedback_review", "loyalty_points",
        "newsletter", "product_question", "size_fit", "stock_availability", "wholesale_partnership",
    )
)  # fmt: skip
QUIET_TAGS = frozenset({"spam", "no_reply_needed"})
INTENT, MOOD = ("intent:", "text:"), ("sentiment:", "cue:")

__all__ = ["FIXED", "LEVELS", "fixed", "level", "plan", "rerank", "rerank_waiting", "score", "weigh"]


def rerank(unit: Unit, ticket: Ticket, tags: Collection[str] | None = None) -> None:
    """Write score and reasons on the ticket; an agent's correction wins while it stands."""
    _write(unit, ticket, None if _by_hand(ticket) else known.of_ticket(unit, ticket, tags))


def rerank_waiting(database: Database, *, batch: int = 200) -> int:
    """Waiting makes urgent: re-rank every ticket that goes on, in short units. Returns how many changed."""
    changed, last = 0, 0
    while True:
        with database.write() as unit:
            tickets = unit.session.exec(
                select(Ticket)
                .where(col(Ticket.status).in_((Status.OPEN, Status.PENDING)), col(Ticket.id) > last)
                .order_by(col(Ticket.id))
                .limit(batch)
                .with_for_update(skip_locked=True)
            ).all()
            beside = known.of_tickets(unit, [ticket for ticket in tickets if not _by_hand(ticket)])
            for ticket in tickets:
                before = ticket.urgency
                _write(unit, ticket, beside.get(ticket.pk))
                changed += ticket.urgency != before
            if tickets:
                last = tickets[-1].pk
        if len(tickets) < batch:
            return changed


def set_fixed(unit: Unit, ticket: Ticket, points: int | None) -> None:
    """An agent's own level, or None to let the score rule again."""
    ticket.urgency_fixed = points
    rerank(unit, ticket)


def plan(unit: Unit, ticket: Ticket, tags: Collection[str] | None = None) -> tuple[Reason, ...]:
    """The reasons as things stand now, heaviest first, within 0-100. `tags` spares a query where known."""
    return reckon(ticket, known.of_ticket(unit, ticket, tags), now=unit.now)


def _by_hand(ticket: Ticket) -> bool:
    return ticket.urgency_fixed is not None


def _write(unit: Unit, ticket: Ticket, beside: Known | None) -> None:
    if beside is None:
        reasons: tuple[Reason, ...] = (fixed(ticket.urgency_fixed or 0),)
    else:
        reasons = reckon(ticket, beside, now=unit.now)
    ticket.urgency = score(reasons)
    ticket.urgency_reasons = [{"code": reason.code, "points": reason.points} for reason in reasons]


def fixed(points: int) -> Reason:
    """An agent's own word."""
    return Reason("fixed", points)


def reckon(
    ticket: Ticket, beside: Known, *, now: datetime, weights: Weights | None = None
) -> tuple[Reason, ...]:
    """The reasons of a ticket by what is known of it; with `weights` as if the brand weighed so."""
    weights = weights or beside.weights
    facts = decide(
        tags=beside.tags,
        card=beside.card,
        vip=beside.vip,
        waiting_since=ticket.waiting_since,
        now=now,
        zone=beside.zone,
        weights=weights,
    )
    return weigh(ticket.text_reasons, facts, tags=beside.tags, weights=weights)


def weigh(
    words: Iterable[Mapping[str, Any]],
    facts: Iterable[Reason],
    *,
    tags: Collection[str] = (),
    weights: Weights = USUAL,
) -> tuple[Reason, ...]:
    """What the words gave (as a ticket keeps it) and what else is known, heaviest first, within 0-100."""
    said = [Reason(str(one["code"]), int(one["points"])) for one in words]
    weighed = [Reason(one.code, _share(one, weights)) for one in said]
    reasons = fit_to_scale(_crowd(_heaviest_first(one for one in [*weighed, *facts] if one.points)))
    return _on_top(reasons) if tells_of_harm([one.code for one in said], tags) else reasons


def decide(
    *,
    tags: Iterable[str],
    card: OrderCard | None,
    vip: bool,
    waiting_since: datetime | None,
    now: datetime,
    zone: str,
    weights: Weights = USUAL,
) -> list[Reason]:
    """What is known beside the words, as reasons with points."""
    tags = {name for name in tags if not name.startswith(f"{PRODUCT}:")}  # which goods hurries nobody
    if tags & QUIET_TAGS:
        return []
    reasons = [
        Reason("wait", _wait(waiting_since, now, weights)),
        Reason("due", _due(waiting_since, now, weights)),
        Reason("vip", weights.vip if vip else 0),
    ]
    if card:
        reasons += _order(card, tags, now=now, zone=zone, weights=weights)
    return [reason for reason in reasons if reason.points]


def level(points: int) -> str:
    """urgent, high, normal or low."""
    return next(name for least, name in LEVELS if points >= least)


def score(reasons: Sequence[Reason]) -> int:
    return sum(reason.points for reason in reasons)


def _share(said: Reason, weights: Weights) -> int:
    """Safety is never turned down."""
    percent = 100
    if said.code.startswith(INTENT):
        percent = weights.intent
    elif said.code.startswith(MOOD):
        percent = max(weights.mood, 100) if said.code == "cue:safety" else weights.mood
    return round(said.points * percent / 100)


def _crowd(reasons: Sequence[Reason]) -> Sequence[Reason]:
    """So many things can be urgent at once that a plain limit would make them all the same."""
    over = score(reasons) - CROWDED_FROM
    if over <= 0:
        return reasons
    room = SAFETY_FROM - 1 - CROWDED_FROM
    left = min(room, over * room // CROWD)
    return [*reasons, Reason("crowded", left - over)] if left < over else reasons


def _on_top(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Into the points that nobody else reaches, in the same order among themselves."""
    reached = score(reasons)
    lift = SAFETY_FROM + reached * (HIGHEST - SAFETY_FROM) // HIGHEST - reached
    return tuple(_heaviest_first([Reason("safety_first", lift), *reasons])) if lift else tuple(reasons)


def _heaviest_first(reasons: Iterable[Reason]) -> list[Reason]:
    return sorted(reasons, key=lambda reason: (-reason.points, reason.code))


def _wait(since: datetime | None, now: datetime, weights: Weights) -> int:
    hours = _hours(since, now)
    return min(weights.waiting, round(weights.waiting * math.log2(1 + hours) / WAIT_DOUBLINGS))


def _due(since: datetime | None, now: datetime, weights: Weights) -> int:
    """Faster the nearer the reply target is; who missed it is not told apart by this."""
    if not weights.reply_hours:
        return 0
    gone = min(1.0, _hours(since, now) / weights.reply_hours)
    return round(weights.due * gone**2)


def _hours(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since) / timedelta(hours=1)) if since else 0.0


def _order(card: OrderCard, tags: set[str], *, now: datetime, zone: str, weights: Weights) -> list[Reason]:
    about = not tags or not tags <= ASIDE_TAGS
    late = {"late": weights.late, "late_to_ship": weights.late_to_ship}.get(card.state, 0)
    reasons = [Reason(f"order:{card.state}", late if about else 0)]
    if about and card.state in ("late", "late_to_ship"):
        days = min(DAYS_LATE_MOST, orders.days_late(card, now=now, zone=zone))
        reasons.append(Reason("days_late", weights.late_day * days))
    if about and _is_due(card, now=now, zone=zone):
        reasons.append(Reason("promised", weights.promised))
    closing = card.order.ship_by is not None and timedelta() < card.order.ship_by - now <= CUTOFF_WITHIN
    if closing and tags & CUTOFF_TAGS and card.state in ("placed", "not_shipped"):
        reasons.append(Reason("ship_cutoff", weights.ship_cutoff))
    reasons.append(Reason("order_value", _value(card, weights)))
    return reasons


def _is_due(card: OrderCard, *, now: datetime, zone: str) -> bool:
    """The day named to the customer is today or tomorrow, and nothing has come."""
    due = (card.shipment.expected_on if card.shipment else None) or card.order.promised_on
    if due is None or card.state not in NOT_THERE:
        return False
    return 0 <= (due - now.astimezone(ZoneInfo(zone)).date()).days <= 1


def _value(card: OrderCard, weights: Weights) -> int:
    worth = card.order.total if card.order.currency in ("JPY", "KRW") else card.order.total * 1.5
    share = next((share for least, share in VALUE_STEPS if worth >= least), 0)
    return round(weights.order_value * share)

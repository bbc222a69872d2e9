"""Everything about one customer on one line of time, newest first: words, calls, orders, parcels, refunds, points.

Paged by time, never by offset. One statement gives the places of a page, each kind's newest rows before the cursor by
its own index; then one statement for each table says what stands there. Neither knows how long the line is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal, or_, select, union_all
from sqlmodel import col

from helpdesk.customers.timeline_entries import LOADERS, Entry, Place
from helpdesk.errors import Invalid
from helpdesk.models import ChatRating, Message, Order, PointsEntry, Refund, Shipment, SiteVisit, Ticket
from helpdesk.store.db import Unit

END = datetime(9999, 1, 1, tzinfo=UTC)
CALLED = "phone"  # the channel of telephone calls
NOTE = "note"
NOTED = "call:"  # how the fingerprint of a call begins that an agent wrote down

__all__ = ["KINDS", "Asked", "Entry", "Page", "Place", "page"]


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    next: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the line is shown: `kinds` are names of KINDS, `channels` of channels; empty for all.

    With channels only what came by one is shown.
    """

    kinds: Collection[str] = ()
    channels: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing: the index on `owner` and `at` leads to its newest."""

    kind: str
    table: Any
    owner: Any
    at: Any
    where: Sequence[ColumnElement[bool]] = ()
    channel: Any = None


def page(
    unit: Unit, customer_id: int, *, before: str | None = None, limit: int = 30, asked: Asked | None = None
) -> Page:
    """`before` is the `next` of the page above it. Raises Invalid for a cursor that is none."""
    (at, kind, pk), asked = _read_cursor(before), asked or Asked()
    statement = _places(tuple(asked.kinds), bool(asked.channels), limit + 1)
    if statement is None:
        return Page([], None)
    given: dict[str, Any] = {"customer": customer_id, "at": at, "rank": bisect_left(ORDER, kind), "pk": pk}
    if asked.channels:
        given["channels"] = sorted(asked.channels)
    rows = unit.rows(statement, given)
    places = sorted(((row.at, row.kind, row.id) for row in rows), reverse=True)
    shown = places[:limit]
    return Page(_load(unit, shown), _cursor(shown[-1]) if len(places) > limit else None)


@lru_cache(128)
def _places(kinds: tuple[str, ...], by_channel: bool, limit: int) -> Any:
    """Built once for each choice of chips; None where nothing can be shown."""
    newest = [_newest(one, limit, by_channel=by_channel) for one in _sources(kinds, by_channel=by_channel)]
    if not newest:
        return None
    return union_all(*newest) if len(newest) > 1 else newest[0]


def _sources(kinds: Collection[str], *, by_channel: bool) -> list[Source]:
    """Words, notes and calls are one kind in the order of the line; what of them is wanted is a condition."""
    found: list[Source] = []
    for name in [name for name in KINDS if name in kinds] or KINDS:
        found += [one for one in KINDS[name] if one.channel is not None or not by_channel]
    said = [one for one in found if one.kind == "message"]
    if not said:
        return found
    wanted = or_(*(and_(*one.where) for one in said))
    words = Source("message", Message, said[0].owner, said[0].at, (THERE, wanted), said[0].channel)
    return [words, *(one for one in found if one.kind != "message")]


def _newest(source: Source, limit: int, *, by_channel: bool) -> Select[Any]:
    pk = col(source.table.id)
    wanted = select(pk.label("id"), source.at.label("at")).where(
        source.owner == bindparam("customer"), *source.where, _older(source, pk)
    )
    if by_channel:
        wanted = wanted.where(source.channel.in_(bindparam("channels", expanding=True)))
    some = wanted.order_by(source.at.desc(), pk.desc()).limit(limit).subquery()
    return select(literal(source.kind).label("kind"), some.c.id, some.c.at)


def _load(unit: Unit, places: Sequence[Place]) -> list[Entry]:
    found: dict[tuple[str, int], Entry] = {}
    for loader in LOADERS:
        ids = {kind: [pk for _at, other, pk in places if other == kind] for kind in loader.kinds}
        if any(ids.values()):
            found |= loader.load(unit, ids)
    return [found[kind, pk] for _at, kind, pk in places if (kind, pk) in found]


def _older(source: Source, pk: Any) -> ColumnElement[bool]:
    """Rows whose place is before that one; also right when many rows share one moment."""
    at, rank = bindparam("at", type_=source.at.type), ORDER.index(source.kind)
    at_once = or_(bindparam("rank") > rank, and_(bindparam("rank") == rank, pk < bindparam("pk")))
    return and_(source.at <= at, or_(source.at < at, at_once))


def _cursor(place: Place) -> str:
    at, kind, pk = place
    return f"{at.isoformat()}~{kind}~{pk}"


def _read_cursor(cursor: str | None) -> Place:
    if not cursor:
        return END, "~", 0
    try:
        at, kind, pk = cursor.split("~")
        when = datetime.fromisoformat(at)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)), kind, int(pk)
    except ValueError as error:
        raise Invalid("this page does not exist; start from the newest entries", field="before") from error


def _said(*where: ColumnElement[bool]) -> Source:
    sent_at, channel = col(Message.sent_at), col(Message.channel)
    return Source("message", Message, col(Message.customer_id), sent_at, where, channel)


def _bought(kind: str, name: str) -> Source:
    at = col(getattr(Order, name))
    return Source(kind, Order, col(Order.customer_id), at, (at.is_not(None),))


def _carried(kind: str, name: str) -> Source:
    at = col(getattr(Shipment, name))
    return Source(kind, Shipment, col(Shipment.buyer_id), at, (at.is_not(None),))


def _ticket(kind: str, name: str, *where: ColumnElement[bool]) -> Source:
    at, channel = col(getattr(Ticket, name)), col(Ticket.channel)
    return Source(kind, Ticket, col(Ticket.customer_id), at, where, channel)


THERE = col(Message.state) != "taken_back"  # an answer that never left
NOTED_CALLS = and_(col(Message.direction) == NOTE, col(Message.fingerprint).startswith(NOTED))
NOTES, CALLS = and_(col(Message.direction) == NOTE, ~NOTED_CALLS), col(Message.channel) == CALLED
KINDS: dict[str, tuple[Source, ...]] = {
    "messages": (_said(~NOTES, ~CALLS),),
    "notes": (_said(NOTES),),
    "calls": (_said(CALLS, ~NOTES),),
    "tickets": (
        _ticket("ticket_opened", "created_at"),
        _ticket(
            "ticket_closed", "closed_at", col(Ticket.closed_at).is_not(None), col(Ticket.status) == "closed"
        ),
    ),
    "orders": (_bought("order_placed", "placed_at"), _bought("order_cancelled", "cancelled_at")),
    "parcels": (_carried("order_shipped", "shipped_at"), _carried("order_delivered", "delivered_at")),
    "refunds": (
        _bought("order_returned", "returned_at"),
        Source("refund", Refund, col(Refund.buyer_id), col(Refund.created_at)),
    ),
    "points": (Source("points", PointsEntry, col(PointsEntry.customer_id), col(PointsEntry.created_at)),),
    "ratings": (Source("rating", ChatRating, col(ChatRating.customer_id), col(ChatRating.created_at)),),
    "visits": (Source("visit", SiteVisit, col(SiteVisit.customer_id), col(SiteVisit.created_at)),),
}
ORDER = sorted({one.kind for some in KINDS.values() for one in some})  # of what happened at one moment

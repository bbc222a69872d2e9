"""Everything about one customer on one line of time, newest first: words, orders, parcels, refunds, points.

Paged by time, never by offset: each source gives its newest rows before the cursor, and the pages are merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select

from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.errors import Invalid
from helpdesk.models import Message, Order, PointsEntry, Refund, Shipment, Ticket
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind`: message, note, order_placed, order_shipped, order_delivered, order_cancelled, refund, points,
    ticket_opened, ticket_closed. `data` holds what one line about it needs."""

    kind: str
    at: datetime
    id: int
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[datetime, str, int]:
        """Where it stands in the line; no two entries share one. Notes stand among the messages."""
        return self.at, "message" if self.kind == "note" else self.kind, self.id


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[Entry]
    next: str | None


Place = tuple[datetime, str, int]
Source = Callable[[Unit, int, Place, int], Iterable[Entry]]
END = datetime(9999, 1, 1, tzinfo=UTC)


def page(unit: Unit, customer_id: int, *, before: str | None = None, limit: int = 30, only: str = "") -> Page:
    """`before` is the `next` of the page above it, `only` a name of KINDS. Raises Invalid for a cursor that is none."""
    place = _read_cursor(before)
    sources = KINDS.get(only, SOURCES)
    found = chain.from_iterable(source(unit, customer_id, place, limit + 1) for source in sources)
    older = sorted(found, key=lambda entry: entry.place, reverse=True)
    entries = older[:limit]
    return Page(entries, _cursor(entries[-1]) if len(older) > limit else None)


def _messages(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    rows = unit.session.exec(
        select(Message, Ticket.key, Ticket.number)
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(
            Message.customer_id == customer_id,
            Message.state != "taken_back",
            _older(col(Message.sent_at), col(Message.id), "message", before),
        )
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(limit)
    )
    for message, key, number in rows:
        kind = "note" if message.direction == "note" else "message"
        yield Entry(
            kind,
            message.sent_at,
            message.pk,
            {
                "direction": message.direction,
                "channel": message.channel,
                "text": (message.reply or message.text)[:400],
                "subject": message.subject,
                "sender": message.sender.get("name") or _address(message),
                "ticket": key,
                "number": number,
            },
        )


def _address(message: Message) -> str:
    """That of a chat is a key that means nothing to people."""
    return "" if message.channel in CONVERSATIONAL else str(message.sender.get("address", ""))


def _tickets_opened(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    rows = unit.session.exec(
        select(Ticket)
        .where(
            Ticket.customer_id == customer_id,
            _older(col(Ticket.created_at), col(Ticket.id), "ticket_opened", before),
        )
        .order_by(col(Ticket.created_at).desc(), col(Ticket.id).desc())
        .limit(limit)
    )
    for ticket in rows:
        yield Entry("ticket_opened", ticket.created_at, ticket.pk, _ticket(ticket))


def _tickets_closed(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    rows = unit.session.exec(
        select(Ticket)
        .where(
            Ticket.customer_id == customer_id,
            _older(col(Ticket.closed_at), col(Ticket.id), "ticket_closed", before),
            Ticket.status == "closed",
        )
        .order_by(col(Ticket.closed_at).desc(), col(Ticket.id).desc())
        .limit(limit)
    )
    for ticket in rows:
        if ticket.closed_at:
            yield Entry("ticket_closed", ticket.closed_at, ticket.pk, _ticket(ticket))


def _orders_placed(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    rows = unit.session.exec(
        select(Order)
        .where(
            Order.customer_id == customer_id,
            _older(col(Order.placed_at), col(Order.id), "order_placed", before),
        )
        .order_by(col(Order.placed_at).desc(), col(Order.id).desc())
        .limit(limit)
    )
    for order in rows:
        yield Entry("order_placed", order.placed_at, order.pk, _order(order))


def _orders_cancelled(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    rows = unit.session.exec(
        select(Order)
        .where(
            Order.customer_id == customer_id,
            _older(col(Order.cancelled_at), col(Order.id), "order_cancelled", before),
        )
        .order_by(col(Order.cancelled_at).desc(), col(Order.id).desc())
        .limit(limit)
    )
    for order in rows:
        if order.cancelled_at:
            yield Entry("order_cancelled", order.cancelled_at, order.pk, _order(order))


def _shipped(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    for parcel, order in _parcels(unit, customer_id, "order_shipped", before, limit):
        if parcel.shipped_at:
            yield Entry("order_shipped", parcel.shipped_at, parcel.pk, _order(order) | _parcel(parcel))


def _delivered(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    for parcel, order in _parcels(unit, customer_id, "order_delivered", before, limit):
        if parcel.delivered_at:
            yield Entry("order_delivered", parcel.delivered_at, parcel.pk, _order(order) | _parcel(parcel))


def _parcels(
    unit: Unit, customer_id: int, kind: str, before: Place, limit: int
) -> Iterable[tuple[Shipment, Order]]:
    when = col(Shipment.shipped_at) if kind == "order_shipped" else col(Shipment.delivered_at)
    return unit.session.exec(
        select(Shipment, Order)
        .join(Order, col(Order.id) == col(Shipment.order_id))
        .where(Order.customer_id == customer_id, _older(when, col(Shipment.id), kind, before))
        .order_by(when.desc(), col(Shipment.id).desc())
        .limit(limit)
    )


def _refunds(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    rows = unit.session.exec(
        select(Refund, Order.number)
        .join(Order, col(Order.id) == col(Refund.order_id))
        .where(
            Order.customer_id == customer_id, _older(col(Refund.created_at), col(Refund.id), "refund", before)
        )
        .order_by(col(Refund.created_at).desc(), col(Refund.id).desc())
        .limit(limit)
    )
    for refund, number in rows:
        data = {
            "number": number,
            "amount": refund.amount,
            "currency": refund.currency,
            "method": refund.method,
        }
        yield Entry("refund", refund.created_at, refund.pk, data)


def _points(unit: Unit, customer_id: int, before: Place, limit: int) -> Iterable[Entry]:
    rows = unit.session.exec(
        select(PointsEntry)
        .where(
            PointsEntry.customer_id == customer_id,
            _older(col(PointsEntry.created_at), col(PointsEntry.id), "points", before),
        )
        .order_by(col(PointsEntry.created_at).desc(), col(PointsEntry.id).desc())
        .limit(limit)
    )
    for line in rows:
        yield Entry(
            "points",
            line.created_at,
            line.pk,
            {"amount": line.amount, "kind": line.kind, "reason": line.reason},
        )


SOURCES: tuple[Source, ...] = (
    _messages,
    _tickets_opened,
    _tickets_closed,
    _orders_placed,
    _orders_cancelled,
    _shipped,
    _delivered,
    _refunds,
    _points,
)


def _older(when: Any, pk: Any, kind: str, before: Place) -> Any:
    """Rows whose place is before that one; also right when many rows share one moment."""
    at, other, last = before
    if kind == other:
        return or_(when < at, and_(when == at, pk < last))
    return when <= at if kind < other else when < at


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket": ticket.key,
        "number": ticket.number,
        "subject": ticket.subject,
        "channel": ticket.channel,
    }


def _order(order: Order) -> dict[str, Any]:
    return {"number": order.number, "total": order.total, "currency": order.currency, "items": order.items}


def _parcel(parcel: Shipment) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
    }


def _cursor(entry: Entry) -> str:
    at, kind, pk = entry.place
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


KINDS: dict[str, tuple[Source, ...]] = {
    "messages": (_messages,),
    "tickets": (_tickets_opened,),
    "orders": (_orders_placed,),
    "points": (_points,),
}

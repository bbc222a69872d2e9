"""What stands at the places of a customer's line of time: one statement for each table. Called by timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from helpdesk.channels.content import name_of
from helpdesk.channels.registry import NAMELESS
from helpdesk.customers.private_numbers import hide
from helpdesk.models import (
    Agent,
    Attachment,
    ChatRating,
    Message,
    Order,
    PointsEntry,
    Refund,
    Shipment,
    SiteVisit,
    Ticket,
)
from helpdesk.store.db import Unit

SHOWN = 400  # characters of a message

Place = tuple[datetime, str, int]
Ids = Mapping[str, Sequence[int]]
Found = dict[tuple[str, int], "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind`: message, note, call, order_placed, order_shipped, order_delivered, order_cancelled, order_returned,
    refund, points, ticket_opened, ticket_closed, rating, visit. `data` holds what one line about it needs."""

    kind: str
    at: datetime
    id: int
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where it stands in the line; no two entries share one. Notes and calls stand among the messages."""
        return self.at, "message" if self.kind in ("note", "call") else self.kind, self.id


@dataclass(frozen=True, slots=True)
class Loader:
    """`load` is asked with ids by kind."""

    kinds: tuple[str, ...]
    load: Callable[[Unit, Ids], Found]


def _messages(unit: Unit, ids: Ids) -> Found:
    files = select(func.count()).where(col(Attachment.message_id) == col(Message.id)).correlate(Message)
    names = ("id", "key", "direction", "channel", "subject", "sender", "content", "marks", "state", "sent_at")
    wanted = (
        select(
            *(col(getattr(Message, name)) for name in names),
            *(col(Ticket.key).label("ticket"), col(Ticket.number), col(Agent.name).label("agent")),
            func.substr(col(Message.reply), 1, SHOWN).label("reply"),
            func.substr(col(Message.text), 1, SHOWN).label("text"),
            files.scalar_subquery().label("files"),
        )
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .outerjoin(Agent, col(Agent.id) == col(Message.agent_id))
        .where(col(Message.id).in_(ids["message"]))
    )
    return {("message", row.id): _message(row) for row in unit.rows(wanted)}


def _message(row: Any) -> Entry:
    content, note = row.content or {}, row.direction == "note"
    call = content.get("type") == "call"
    address = "" if row.channel in NAMELESS else str(row.sender.get("address", ""))
    ours = row.agent if row.direction != "in" else ""
    return Entry(
        "call" if call else "note" if note else "message",
        row.sent_at,
        row.id,
        {
            "key": row.key,
            "direction": row.direction,
            "channel": row.channel,
            "text": hide(row.reply or row.text),
            "subject": hide(row.subject),
            "sender": ours or row.sender.get("name") or address,
            "content": content,
            "named": name_of(content),
            "read": bool(row.marks and row.marks.get("read_at")),
            "state": row.state,
            "files": row.files,
            "ticket": row.ticket,
            "number": row.number,
        },
    )


def _tickets(unit: Unit, ids: Ids) -> Found:
    names = ("id", "key", "number", "subject", "preview", "channel", "created_at", "closed_at")
    rows = unit.rows(_wanted(Ticket, names, ids))
    ways = {"ticket_opened": "created_at", "ticket_closed": "closed_at"}
    return _each(rows, ids, ways, _ticket)


def _ticket(row: Any) -> dict[str, Any]:
    line = row.subject or row.preview
    return {"ticket": row.key, "number": row.number, "subject": line, "channel": row.channel}


def _orders(unit: Unit, ids: Ids) -> Found:
    names = ("id", "number", "total", "currency", "items", "placed_at", "cancelled_at", "returned_at")
    rows = unit.rows(_wanted(Order, names, ids))
    ways = {
        "order_placed": "placed_at",
        "order_cancelled": "cancelled_at",
        "order_returned": "returned_at",
    }
    return _each(rows, ids, ways, _order)


def _order(row: Any) -> dict[str, Any]:
    return {"number": row.number, "total": row.total, "currency": row.currency, "items": row.items}


def _parcels(unit: Unit, ids: Ids) -> Found:
    names = ("id", "carrier", "tracking_number", "tracking_url", "shipped_at", "delivered_at")
    wanted = _wanted(Shipment, names, ids).add_columns(
        *(col(Order.number), col(Order.total), col(Order.currency), col(Order.items))
    )
    rows = unit.rows(wanted.join(Order, col(Order.id) == col(Shipment.order_id)))
    ways = {"order_shipped": "shipped_at", "order_delivered": "delivered_at"}
    return _each(rows, ids, ways, _parcel)


def _parcel(row: Any) -> dict[str, Any]:
    way = {"carrier": row.carrier, "tracking_number": row.tracking_number, "tracking_url": row.tracking_url}
    return _order(row) | way


def _refunds(unit: Unit, ids: Ids) -> Found:
    names = ("id", "amount", "currency", "method", "created_at")
    wanted = _wanted(Refund, names, ids).add_columns(col(Order.number))
    rows = unit.rows(wanted.join(Order, col(Order.id) == col(Refund.order_id)))
    return _each(rows, ids, {"refund": "created_at"}, _refund)


def _refund(row: Any) -> dict[str, Any]:
    return {"number": row.number, "amount": row.amount, "currency": row.currency, "method": row.method}


def _points(unit: Unit, ids: Ids) -> Found:
    rows = unit.rows(_wanted(PointsEntry, ("id", "amount", "kind", "reason", "created_at"), ids))
    return _each(
        rows,
        ids,
        {"points": "created_at"},
        lambda row: {"amount": row.amount, "kind": row.kind, "reason": row.reason},
    )


def _ratings(unit: Unit, ids: Ids) -> Found:
    wanted = _wanted(ChatRating, ("id", "score", "comment", "created_at"), ids).add_columns(
        *(col(Ticket.key).label("ticket"), col(Ticket.number))
    )
    rows = unit.rows(wanted.join(Ticket, col(Ticket.id) == col(ChatRating.ticket_id)))
    return _each(rows, ids, {"rating": "created_at"}, _rating)


def _rating(row: Any) -> dict[str, Any]:
    return {"score": row.score, "text": row.comment, "ticket": row.ticket, "number": row.number}


def _visits(unit: Unit, ids: Ids) -> Found:
    rows = unit.rows(_wanted(SiteVisit, ("id", "url", "title", "created_at"), ids))
    return _each(rows, ids, {"visit": "created_at"}, lambda row: {"url": row.url, "title": row.title})


def _wanted(table: Any, names: Sequence[str], ids: Ids) -> Any:
    known = {pk for some in ids.values() for pk in some}
    return select(*(col(getattr(table, name)) for name in names)).where(col(table.id).in_(known))


def _each(
    rows: Iterable[Any], ids: Ids, ways: Mapping[str, str], data: Callable[[Any], dict[str, Any]]
) -> Found:
    """A row may stand on the line several times: an order when it was placed and when it was cancelled."""
    by_id = {row.id: row for row in rows}
    return {
        (kind, pk): Entry(kind, getattr(by_id[pk], at), pk, data(by_id[pk]))
        for kind, at in ways.items()
        for pk in ids[kind]
        if pk in by_id
    }


LOADERS = (
    Loader(("message",), _messages),
    Loader(("ticket_opened", "ticket_closed"), _tickets),
    Loader(("order_placed", "order_cancelled", "order_returned"), _orders),
    Loader(("order_shipped", "order_delivered"), _parcels),
    Loader(("refund",), _refunds),
    Loader(("points",), _points),
    Loader(("rating",), _ratings),
    Loader(("visit",), _visits),
)

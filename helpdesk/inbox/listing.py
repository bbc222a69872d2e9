"""The list of tickets, a page at a time: the next page begins after the values of the last row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.inbox import cursor, filter
from helpdesk.inbox.filter import Filter
from helpdesk.inbox.tagging import Book, TagMark, marks, read_book, read_marks
from helpdesk.models import Agent, Customer, Ticket
from helpdesk.store.db import Unit
from helpdesk.triage.rank import level

SHOWN_TAGS = 3
COLUMNS = (
    *("id", "key", "brand_id", "number", "channel", "subject", "preview", "language", "status", "unread"),
    *("urgency", "urgency_reasons", "waiting_since", "last_message_at", "created_at"),
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A ticket as one row: who, what, how urgent and why, since when."""

    key: str
    brand_id: int
    number: int
    channel: str
    customer: str
    subject: str
    preview: str
    language: str
    status: str
    unread: bool
    urgency: int
    level: str
    reasons: tuple[dict[str, Any], ...]
    tags: tuple[TagMark, ...]
    more_tags: int
    waiting_since: datetime | None
    last_message_at: datetime
    assignee: str | None

    @property
    def line(self) -> str:
        return self.preview or self.subject


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: tuple[ListRow, ...]
    next: str | None


def rows(
    unit: Unit,
    access: Access,
    chosen: Filter,
    *,
    after: str = "",
    limit: int = 50,
    book: Book | None = None,
) -> ListPage:
    """A page of rows: most urgent first, longest waiting first; closed and found ones newest first."""
    book = read_book(unit, access) if book is None else book
    wanted = _select().where(*filter.conditions(unit, access, chosen))
    wanted = _newest_first(wanted, after) if chosen.by_recency else _most_urgent_first(wanted, after)
    found = unit.session.execute(wanted.limit(limit + 1)).all()
    last = found[limit - 1] if len(found) > limit else None
    return ListPage(tuple(_row(row, book) for row in found[:limit]), _next(last, chosen) if last else None)


def _since() -> ColumnElement[datetime]:
    """What the queue's second place goes by; tickets that wait for nobody keep their place by age."""
    return func.coalesce(col(Ticket.waiting_since), col(Ticket.created_at))


def _select() -> Select[Any]:
    shown: list[Any] = [col(getattr(Ticket, name)) for name in COLUMNS]
    shown += [marks().label("marks"), col(Customer.name).label("customer"), col(Agent.name).label("assignee")]
    return (
        select(*shown)
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .outerjoin(Agent, col(Agent.id) == col(Ticket.assignee_id))
    )


def _most_urgent_first(wanted: Select[Any], after: str) -> Select[Any]:
    urgency, since, pk = col(Ticket.urgency), _since(), col(Ticket.id)
    if after:
        rank, at, last = cursor.get(after)
        later = or_(since > at, and_(since == at, pk > last))
        wanted = wanted.where(or_(urgency < rank, and_(urgency == rank, later)))
    return wanted.order_by(urgency.desc(), since, pk)


def _newest_first(wanted: Select[Any], after: str) -> Select[Any]:
    at, pk = col(Ticket.last_message_at), col(Ticket.id)
    if after:
        _, moment, last = cursor.get(after)
        wanted = wanted.where(or_(at < moment, and_(at == moment, pk < last)))
    return wanted.order_by(at.desc(), pk.desc())


def _next(row: Row[Any], chosen: Filter) -> str:
    if chosen.by_recency:
        return cursor.put(row.last_message_at, row.id)
    return cursor.put(row.waiting_since or row.created_at, row.id, row.urgency)


def _row(row: Row[Any], book: Book) -> ListRow:
    tags = read_marks(row.marks, book)
    return ListRow(
        key=row.key,
        brand_id=row.brand_id,
        number=row.number,
        channel=row.channel,
        customer=row.customer,
        subject=row.subject,
        preview=row.preview,
        language=row.language,
        status=row.status,
        unread=row.unread,
        urgency=row.urgency,
        level=level(row.urgency),
        reasons=tuple(row.urgency_reasons),
        tags=tags[:SHOWN_TAGS],
        more_tags=max(0, len(tags) - SHOWN_TAGS),
        waiting_since=row.waiting_since,
        last_message_at=row.last_message_at,
        assignee=row.assignee,
    )

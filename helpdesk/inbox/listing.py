"""The list of tickets, a page at a time: the next page begins after the values of the last row.

The page's ids are found first, from indices alone where possible; what a row shows is read for them only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from helpdesk.access import Access
from helpdesk.inbox import cursor, filter_rows
from helpdesk.inbox.filter import Filter
from helpdesk.inbox.search import Found
from helpdesk.inbox.tagging import Book, TagMark, marks, read_book, read_marks
from helpdesk.models import Agent, Customer, Order, Ticket
from helpdesk.store.db import Unit
from helpdesk.triage.rank import level

SHOWN_TAGS = 3
MOST_ARMS = 12
NEVER_WAITED = datetime(9999, 1, 1, tzinfo=UTC)
COLUMNS = (
    *("id", "key", "brand_id", "number", "channel", "subject", "preview", "language", "status"),
    *("urgency", "waiting_since", "snoozed_until", "last_message_at"),
)
KEPT = 8_000


@dataclass(frozen=True, slots=True, eq=False)
class ListRow:
    """A ticket as one row: who, what, how urgent and why, since when; `unread` by the asking agent.

    While nothing in it changes it is the same object for everybody.
    """

    key: str
    brand_id: int
    number: int
    channel: str
    customer: str
    customer_key: str
    customer_number: str  # of who has no name
    subject: str
    preview: str
    language: str
    status: str
    unread: bool
    urgency: int
    level: str
    said_reasons: str
    tags: tuple[TagMark, ...]
    more_tags: int
    waiting_since: datetime | None
    snoozed_until: datetime | None
    last_message_at: datetime
    assignee: str | None
    order_number: str | None

    @property
    def reasons(self) -> tuple[dict[str, Any], ...]:
        return tuple(json.loads(self.said_reasons or "[]"))

    @property
    def line(self) -> str:
        return self.preview or self.subject


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: tuple[ListRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """One of the things that rows are sorted by."""

    by: Any  # a column or an expression
    down: bool = False

    @property
    def ordered(self) -> Any:
        return self.by.desc() if self.down else self.by.asc()

    def after(self, value: object) -> Any:
        return self.by < value if self.down else self.by > value


def rows(
    unit: Unit,
    access: Access,
    chosen: Filter,
    *,
    after: str = "",
    limit: int = 50,
    book: Book | None = None,
    found: Found | None = None,
) -> ListPage:
    """A page of rows in the order that the filter asks for; `found` is what its words found, if known."""
    book = read_book(unit, access) if book is None else book
    if filter_rows.can_wait(chosen) and not after:
        plain = replace(chosen, columns=(), saved="")
        common = filter_rows.common_tags(unit, access, plain)
        shown = unit.rows(_known(access, plain, limit + 1, common), {"now": unit.now})
    else:
        shown = unit.rows(_shown(access, chosen, _picked(unit, access, chosen, after, limit + 1, found)))
    last = shown[limit - 1] if len(shown) > limit else None
    return ListPage(
        tuple([_row(row, book) for row in shown[:limit]]),
        cursor.put(last.place_at, last.id, last.place_rank) if last else None,
    )


def ids(unit: Unit, access: Access, chosen: Filter, *, most: int) -> list[int]:
    """The first tickets of the list, at most so many."""
    return list(unit.session.scalars(select(_picked(unit, access, chosen, "", most).subquery().c.id)))


def count(unit: Unit, access: Access, chosen: Filter, *, most: int) -> int:
    """How many rows the list has, counted up to `most`."""
    wanted = select(col(Ticket.id)).where(*filter_rows.conditions(unit, access, chosen)).limit(most)
    return unit.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


@lru_cache(512)
def _known(access: Access, chosen: Filter, most: int, common: filter_rows.Common) -> Select[Any]:
    """Built once: putting a statement together takes longer than running it."""
    return _shown(access, chosen, _picked(filter_rows.LATER, access, chosen, "", most, common=common))


def _shown(access: Access, chosen: Filter, ids: Select[Any]) -> Select[Any]:
    picked = ids.subquery("picked")
    shown: list[Any] = [col(getattr(Ticket, name)) for name in COLUMNS]
    shown += [cast(col(Ticket.urgency_reasons), String).label("reasons")]
    shown += [picked.c.place_rank, picked.c.place_at, marks().label("marks")]
    shown += [col(Customer.name).label("customer"), col(Customer.key).label("customer_key")]
    shown += [Customer.number.label("customer_number")]
    shown += [col(Agent.name).label("assignee")]
    shown += [col(Order.number).label("order_number"), filter_rows.unread(access).label("unread")]
    return (
        select(*shown)
        .join(picked, picked.c.id == col(Ticket.id))
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .outerjoin(Agent, col(Agent.id) == col(Ticket.assignee_id))
        .outerjoin(Order, col(Order.id) == col(Ticket.order_id))
        .order_by(*(place.ordered for place in _places(chosen)))
    )


def _picked(
    unit: Unit,
    access: Access,
    chosen: Filter,
    after: str,
    most: int,
    found: Found | None = None,
    common: filter_rows.Common | None = None,
) -> Select[Any]:
    """Ids in order, with the values that the order goes by; read in arms of one brand and one status each.

    An index that begins with brand and status gives each arm its first rows in order, without a sort of all.
    """
    places = _places(chosen)
    if chosen.q and found is None:
        found = filter_rows.find(unit, access, chosen)
    narrowing = filter_rows.narrowing(unit, access, chosen, found, common)
    if after:
        narrowing.append(_later(places, after))
    arms = [(brand, status) for brand in access.brand_ids for status in chosen.statuses]
    if not 0 < len(arms) <= MOST_ARMS or (found and found.words):
        where = col(Ticket.brand_id).in_(access.brand_ids), col(Ticket.status).in_(chosen.statuses)
        return _arm(places, [*where, *narrowing], most)
    each = [
        _arm(places, [col(Ticket.brand_id) == brand, col(Ticket.status) == status, *narrowing], most)
        for brand, status in arms
    ]
    if len(each) == 1:
        return each[0]
    every = union_all(*(select(*arm.subquery().c) for arm in each)).subquery("every")
    down = places[-1].down
    keys = [every.c.place_rank.desc()] if len(places) == 3 else []
    keys += [every.c.place_at.desc() if down else every.c.place_at.asc()]
    keys += [every.c.id.desc() if down else every.c.id.asc()]
    return select(*every.c).order_by(*keys).limit(most)


def _arm(places: list[_Place], where: list[ColumnElement[bool]], most: int) -> Select[Any]:
    *rank, at, pk = places
    rank_value: ColumnElement[Any] = rank[0].by if rank else literal(0)
    shown = pk.by.label("id"), rank_value.label("place_rank"), at.by.label("place_at")
    return select(*shown).where(*where).order_by(*(place.ordered for place in places)).limit(most)


def _places(chosen: Filter) -> list[_Place]:
    """A moment and the id at the end; for the queue its urgency before them."""
    pk, created = col(Ticket.id), col(Ticket.created_at)
    waiting = col(Ticket.waiting_since)
    return {
        # tickets that wait for nobody keep their place in the queue by age
        "urgency": [
            _Place(col(Ticket.urgency), down=True),
            _Place(func.coalesce(waiting, created)),
            _Place(pk),
        ],
        "waiting": [_Place(func.coalesce(waiting, literal(NEVER_WAITED, UTCDateTime()))), _Place(pk)],
        "updated": [_Place(col(Ticket.last_message_at), down=True), _Place(pk, down=True)],
        "newest": [_Place(created, down=True), _Place(pk, down=True)],
        "oldest": [_Place(created), _Place(pk)],
    }[chosen.order_by]


def _later(places: list[_Place], after: str) -> ColumnElement[bool]:
    """After the row that the cursor names; a row like it in the first place is compared by the second."""
    values = cursor.get(after)[-len(places) :]
    later: ColumnElement[bool] = places[-1].after(values[-1])
    for place, value in zip(reversed(places[:-1]), reversed(values[:-1]), strict=True):
        later = or_(place.after(value), and_(place.by == value, later))
    return later


@lru_cache(KEPT)
def _row(row: Row[Any], book: Book) -> ListRow:
    """Kept: most rows are as they were when they were read last."""
    tags = read_marks(row.marks, book)
    return ListRow(
        key=row.key,
        brand_id=row.brand_id,
        number=row.number,
        channel=row.channel,
        customer=row.customer,
        customer_key=row.customer_key,
        customer_number=row.customer_number or "",
        subject=row.subject,
        preview=row.preview,
        language=row.language,
        status=row.status,
        unread=bool(row.unread),
        urgency=row.urgency,
        level=level(row.urgency),
        said_reasons=row.reasons,
        tags=tags[:SHOWN_TAGS],
        more_tags=max(0, len(tags) - SHOWN_TAGS),
        waiting_since=row.waiting_since,
        snoozed_until=row.snoozed_until,
        last_message_at=row.last_message_at,
        assignee=row.assignee,
        order_number=row.order_number,
    )

"""The exact tickets behind any number of a report: the same select as the number, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlmodel import col

from helpdesk.customers.naming import called
from helpdesk.errors import Invalid
from helpdesk.models import Customer, Tag, Ticket, TicketTag
from helpdesk.reports import rising
from helpdesk.reports.measures import MEASURES, TIMED, Scope, first_message, moment, select_facts
from helpdesk.reports.period import parse_day
from helpdesk.reports.times import seconds_between
from helpdesk.reports.volume import DIMENSIONS
from helpdesk.store.db import Unit
from helpdesk.tickets import tag
from helpdesk.tickets.tag import TagOn

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A number: its measure and, for one row of a table, the dimension and the row's name.

    With `until` it is the baseline of a rising tag: the same hours of the `weeks` weeks before.
    """

    measure: str = "created"
    by: str = ""
    name: str = ""
    until: datetime | None = None
    weeks: int = 0

    def params(self) -> dict[str, str]:
        given = {"measure": self.measure, "by": self.by}
        if self.by:
            given["name"] = self.name
        if self.until:
            given |= {"until": self.until.isoformat(), "weeks": str(self.weeks)}
        return {key: value for key, value in given.items() if value or key == "name"}


@dataclass(frozen=True, slots=True)
class TicketRow:
    key: str
    number: int
    subject: str
    customer: str
    channel: str
    status: str
    created_at: datetime
    seconds: float | None  # of a time measure
    tags: tuple[TagOn, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """`count` is the number itself."""

    count: int
    rows: tuple[TicketRow, ...]
    next: str | None


def parse(params: Mapping[str, str]) -> Asked:
    """Raises Invalid for a number that no report shows."""
    measure, by = params.get("measure", "created"), params.get("by", "")
    weeks, until = params.get("weeks", ""), params.get("until", "").replace(" ", "+")
    try:
        moment = datetime.fromisoformat(until) if until else None
        known = measure in MEASURES and (not by or by in DIMENSIONS) and (moment is None or moment.tzinfo)
        asked = Asked(measure, by, params.get("name", ""), moment, min(rising.WEEKS, int(weeks or 0)))
    except ValueError:
        known = False
    if not known:
        raise Invalid("this number is in no report; start again from the reports", field="measure")
    return asked


def behind(unit: Unit, scope: Scope, asked: Asked, *, after: str = "", limit: int = PAGE) -> Behind:
    """Newest first. Three queries."""
    those = col(Ticket.id).in_(_ids(scope, asked))
    count = unit.session.execute(select(func.count()).select_from(Ticket).where(those)).scalar_one()
    rows = unit.session.execute(_page(asked.measure, after).where(those).limit(limit + 1)).all()
    tags = tag.list_tags(unit, [row.id for row in rows[:limit]]) if rows else {}
    following = _put_cursor(rows[limit - 1]) if len(rows) > limit else None
    return Behind(count, tuple(_row(row, tags) for row in rows[:limit]), following)


def _ids(scope: Scope, asked: Asked) -> Select[Any]:
    period = scope.period
    if asked.by == "day":
        day = parse_day(asked.name, "name")
        if not _within(day, scope):
            return select(col(Ticket.id)).where(false())
        period = period.single(day)
    start = rising.plan_windows(asked.until, period)[-1][0] if asked.until else period.start
    facts = select_facts(asked.measure, scope.brand_ids, start, period.end).subquery()
    ids = select(facts.c.id)
    if asked.until:
        ids = ids.where(rising.in_baseline(facts.c.at, asked.until, period, asked.weeks))
    if asked.by in ("channel", "category", "language"):
        ids = ids.where(facts.c[asked.by] == asked.name)
    elif asked.by == "tag":
        ids = ids.where(_tagged(facts.c.id, asked.name, scope))
    return ids


def _within(day: date, scope: Scope) -> bool:
    return scope.period.first <= day <= scope.period.last


def _tagged(ticket_id: ColumnElement[int], name: str, scope: Scope) -> ColumnElement[bool]:
    if not name:
        return ticket_id.not_in(select(col(TicketTag.ticket_id)))
    return ticket_id.in_(
        select(col(TicketTag.ticket_id))
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(col(Tag.brand_id).in_(scope.brand_ids), col(Tag.name) == name)
    )


def _page(measure: str, after: str) -> Select[Any]:
    at, pk = col(Ticket.created_at), col(Ticket.id)
    columns: list[Any] = [
        pk,
        col(Ticket.key),
        col(Ticket.number),
        col(Ticket.subject),
        col(Ticket.preview),
        at,
    ]
    columns += [col(Ticket.channel), col(Ticket.status)]
    columns += [col(Customer.name).label("customer"), col(Customer.key).label("customer_key")]
    columns += [Customer.number.label("customer_number")]
    if measure in TIMED:
        columns += [first_message().label("asked"), moment(measure).label("answered")]
    page = select(*columns).join(Customer, col(Customer.id) == col(Ticket.customer_id))
    if after:
        then, last = _get_cursor(after)
        page = page.where(or_(at < then, and_(at == then, pk < last)))
    return page.order_by(at.desc(), pk.desc())


def _row(row: Row[Any], tags: dict[int, list[TagOn]]) -> TicketRow:
    timed = "asked" in row._fields
    return TicketRow(
        key=row.key,
        number=row.number,
        subject=row.subject or row.preview,
        customer=row.customer or called("", row.customer_key, row.channel, row.customer_number or ""),
        channel=row.channel,
        status=row.status,
        created_at=row.created_at,
        seconds=seconds_between(row.asked, row.answered) if timed else None,
        tags=tuple(tags.get(row.id, ())),
    )


def _put_cursor(row: Row[Any]) -> str:
    return f"{row.created_at.isoformat()}~{row.id}"


def _get_cursor(text: str) -> tuple[datetime, int]:
    try:
        at, pk = text.replace(" ", "+").split("~")
        then = datetime.fromisoformat(at)
        if then.tzinfo is None:
            raise ValueError("without a zone")
        return then, int(pk)
    except ValueError as error:
        raise Invalid(
            "this page of the list does not exist; start from its beginning", field="after"
        ) from error

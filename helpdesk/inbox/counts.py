"""The numbers beside the views and channels, in one query, counted up to a bound so that they stay quick."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select, union_all
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.inbox.filter import URGENT
from helpdesk.models import Status, Ticket
from helpdesk.store.db import Unit

BOUND = 2000
COUNTED = ("urgent", "unanswered", "mine", "unassigned", "waiting", "snoozed")


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers by view, and of unanswered tickets by channel. At `BOUND` and above they mean "at least"."""

    views: dict[str, int]
    channels: dict[str, int]


def read(unit: Unit, access: Access) -> Counts:
    found = unit.session.execute(_counted(unit, access)).all()
    views = {view: sum(getattr(row, view) for row in found) for view in COUNTED}
    channels = {row.channel: int(row.unanswered) for row in found if row.unanswered}
    return Counts(
        {view: int(n) for view, n in views.items()}, dict(sorted(channels.items(), key=_most_first))
    )


def _counted(unit: Unit, access: Access) -> Select[tuple[object, ...]]:
    live = union_all(_some(access, Status.OPEN), _some(access, Status.PENDING)).subquery("live")
    snoozed = func.coalesce(live.c.snoozed_until > unit.now, False)
    unanswered = (live.c.status == Status.OPEN) & ~snoozed
    views = {
        "urgent": unanswered & (live.c.urgency >= URGENT),
        "unanswered": unanswered,
        "mine": unanswered & (live.c.assignee_id == access.agent_id),
        "unassigned": unanswered & live.c.assignee_id.is_(None),
        "waiting": (live.c.status == Status.PENDING) & ~snoozed,
        "snoozed": snoozed,
    }
    columns = (_sum(condition).label(view) for view, condition in views.items())
    return select(live.c.channel, *columns).group_by(live.c.channel)


def _some(access: Access, status: Status) -> Select[tuple[object, ...]]:
    columns = (Ticket.channel, Ticket.status, Ticket.urgency, Ticket.assignee_id, Ticket.snoozed_until)
    some = (
        select(*(col(column) for column in columns))
        .where(col(Ticket.brand_id).in_(access.brand_ids), col(Ticket.status) == status)
        .limit(BOUND)
        .subquery()
    )
    return select(*some.c)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]

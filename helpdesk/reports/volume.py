"""How many tickets were created, replied, closed; by day, channel, tag and more; now and before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlmodel import col

from helpdesk.i18n import lazy
from helpdesk.models import Tag, TicketTag
from helpdesk.reports.measures import COUNTED, Scope, select_facts
from helpdesk.reports.period import Period, plan_runs
from helpdesk.store.db import Unit

DIMENSIONS = {
    "day": lazy("Day"),
    "channel": lazy("Channel"),
    "tag": lazy("Tag"),
    "category": lazy("Product category"),
    "language": lazy("Language"),
}
SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the same of the period before."""

    now: int = 0
    before: int = 0

    @property
    def change(self) -> float | None:
        """0.25 for a quarter more; None where there was nothing to compare with."""
        return (self.now - self.before) / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Row:
    """A day, a channel, a tag … by its stable name, and its figure of each measure."""

    name: str
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Volume:
    totals: dict[str, Figure]
    by: dict[str, list[Row]]


Counts = dict[tuple[str, str], tuple[int, int]]  # dimension and name -> now and before


def read(unit: Unit, scope: Scope) -> Volume:
    """One query for everything."""
    found = _count(unit, scope)
    totals = {measure: Figure(*counts.get(("all", ""), (0, 0))) for measure, counts in found.items()}
    by = {dimension: _rows(dimension, found) for dimension in DIMENSIONS if dimension != "day"}
    return Volume(totals, {"day": _days(scope.period, found), **by})


def _count(unit: Unit, scope: Scope) -> dict[str, Counts]:
    selects = [one for measure in COUNTED for one in _all_groups(_base(unit, scope, measure), scope.period)]
    selects.append(_grouped(_base(unit, scope, "spam"), scope.period, "all"))
    found: dict[str, Counts] = {measure: {} for measure in (*COUNTED, "spam")}
    for measure, dimension, name, now, before in unit.session.execute(union_all(*selects)):
        found[measure][dimension, name] = (int(now), int(before))
    return found


def _base(unit: Unit, scope: Scope, measure: str) -> CTE:
    """What counts in both periods, each with its local day's place; named by the measure."""
    facts = select_facts(measure, scope.brand_ids, scope.period.before.start, scope.period.end).subquery()
    return select(facts, _place(unit, facts.c.at, scope.period).label("place")).cte(measure)


def _all_groups(base: CTE, period: Period) -> list[Select[Any]]:
    tagged = base.outerjoin(TicketTag, col(TicketTag.ticket_id) == base.c.id)
    tagged = tagged.outerjoin(Tag, col(Tag.id) == col(TicketTag.tag_id))
    return [
        _grouped(base, period, "all"),
        _grouped(base, period, "day", base.c.place),
        _grouped(base, period, "channel", base.c.channel),
        _grouped(base, period, "language", base.c.language),
        _grouped(base, period, "category", base.c.category),
        _grouped(base, period, "tag", col(Tag.name), tagged),
    ]


def _grouped(
    base: CTE,
    period: Period,
    dimension: str,
    by: Any = None,
    source: FromClause | None = None,
) -> Select[Any]:
    """Tickets, each once: those of the period and those of the one before. Only answers come several a ticket."""
    now: ColumnElement[Any] = case((base.c.place >= period.days, base.c.id))
    before: ColumnElement[Any] = case((base.c.place < period.days, base.c.id))
    if base.name == "replied":
        now, before = now.distinct(), before.distinct()
    name = literal("") if by is None else func.coalesce(cast(by, String), "")
    columns: list[Any] = [
        literal(base.name, String),
        literal(dimension, String),
        name,
        func.count(now),
        func.count(before),
    ]
    found = select(*columns).select_from(base if source is None else source)
    return found if by is None else found.group_by(by)


def _place(unit: Unit, at: ColumnElement[Any], period: Period) -> ColumnElement[int]:
    """The local day of a moment, counted from the first day of the period before."""
    seconds = _epoch(unit, at)
    ways = []
    for run in reversed(plan_runs(period)):
        start = int(run.start.timestamp())
        place = run.place + (seconds - start) // SECONDS if run.even else literal(run.place, Integer)
        ways.append((seconds >= start, place))
    return case(*ways, else_=-1)


def _epoch(unit: Unit, at: ColumnElement[Any]) -> ColumnElement[int]:
    """Whole seconds since 1970, cut off and never rounded up into the next day."""
    if unit.sqlite:
        return cast(func.strftime("%s", func.substr(cast(at, String), 1, 19)), Integer)
    return cast(func.floor(func.extract("epoch", at)), Integer)


def _rows(dimension: str, found: dict[str, Counts]) -> list[Row]:
    """Most created first; what has no tag or category stands last."""
    names = {name for counts in found.values() for kind, name in counts if kind == dimension}
    rows = [Row(name, _figures(dimension, name, found)) for name in names]
    return sorted(rows, key=lambda row: (not row.name, *(-row.figures[one].now for one in COUNTED), row.name))


def _days(period: Period, found: dict[str, Counts]) -> list[Row]:
    """Every day of the period, beside the day that stood at the same place in the period before."""
    rows = []
    for place, day in enumerate(period.dates):
        figures = {}
        for measure in COUNTED:
            now, _ = found[measure].get(("day", str(place + period.days)), (0, 0))
            _, before = found[measure].get(("day", str(place)), (0, 0))
            figures[measure] = Figure(now, before)
        rows.append(Row(day.isoformat(), figures))
    return rows


def _figures(dimension: str, name: str, found: dict[str, Counts]) -> dict[str, Figure]:
    return {measure: Figure(*found[measure].get((dimension, name), (0, 0))) for measure in COUNTED}

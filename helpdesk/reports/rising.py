"""Which tags rise most this week: Monday until now against the same stretch of the four weeks before.

Two Poisson rates are compared by the exact conditional test: if nothing changed, each of this week's and the
baseline's tickets falls into this week with the chance 1 / (1 + weeks). Few tickets therefore prove little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, String, case, func, literal, or_, select, union_all
from sqlmodel import col

from helpdesk.models import Tag, TicketTag
from helpdesk.reports.measures import Scope, select_facts
from helpdesk.reports.period import Period, midnight
from helpdesk.store.db import Unit

WEEKS = 4
FEWEST = 5  # tickets this week below which nothing is said
DOUBTFUL = 0.05  # the chance of so many by accident, above which a tag is not named
SHOWN = 8
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Rise:
    """`usual` tickets a week, `count` now. `sure` when it is no accident even among so many tags."""

    name: str
    count: int
    baseline: int
    usual: float
    chance: float
    sure: bool

    @property
    def times(self) -> float | None:
        return self.count / self.usual if self.usual else None


@dataclass(frozen=True, slots=True)
class Rising:
    """`weeks` of history there were to compare with; 0 when there is too little to say anything."""

    week: Period
    until: datetime
    weeks: int
    tickets: int
    rises: tuple[Rise, ...]


def read(unit: Unit, scope: Scope) -> Rising:
    """The week that holds the period's last day, or now if that comes first. One query."""
    until = min(unit.now, scope.period.end)
    windows = plan_windows(until, scope.period)
    counts = {
        name: tuple(int(n) for n in row) for name, *row in unit.session.execute(_select(scope, windows))
    }
    everything = counts.pop("", (0,) * (WEEKS + 1))
    weeks = max((place for place, n in enumerate(everything) if place and n), default=0)
    rises = plan_rises(counts, weeks)
    return Rising(week_of(until, scope.period), until, weeks, everything[0], tuple(rises[:SHOWN]))


def plan_rises(counts: dict[str, tuple[int, ...]], weeks: int) -> list[Rise]:
    """`counts` of this week first, then of the weeks before. The least likely accident first."""
    if not weeks:
        return []
    tested = {name: row for name, row in counts.items() if row[0] >= FEWEST}
    found = [
        _rise(name, now, sum(weeks_before[:weeks]), weeks, len(tested))
        for name, (now, *weeks_before) in tested.items()
    ]
    return sorted(
        (rise for rise in found if rise.chance < DOUBTFUL), key=lambda rise: (rise.chance, rise.name)
    )


def plan_windows(until: datetime, period: Period) -> list[Window]:
    """This week's window, then the same hours of the weeks before, by the clock on the wall."""
    week = week_of(until, period)
    wall = _wall(until, period)
    windows = [(week.start, week.end)]
    for back in range(1, WEEKS + 1):
        shift = timedelta(days=7 * back)
        end = (wall - shift).replace(tzinfo=period.zone)
        windows.append((midnight(week.first - shift, period.zone), end.astimezone(until.tzinfo)))
    return windows


def week_of(until: datetime, period: Period) -> Period:
    """Monday to the day of the last moment before `until`."""
    last = (until - timedelta(microseconds=1)).astimezone(period.zone).date()
    return Period(last - timedelta(days=last.weekday()), last, period.zone)


def chance_of(count: int, baseline: int, weeks: int) -> float:
    """How likely this week gets `count` or more of the `count + baseline` tickets if nothing changed."""
    share, n = 1 / (1 + weeks), count + baseline
    logs = [
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        + k * math.log(share) + (n - k) * math.log(1 - share)
        for k in range(count, n + 1)
    ]  # fmt: skip
    return min(1.0, math.fsum(math.exp(one) for one in logs))


def _rise(name: str, count: int, baseline: int, weeks: int, tested: int) -> Rise:
    chance = chance_of(count, baseline, weeks)
    return Rise(name, count, baseline, baseline / weeks, chance, chance * tested < DOUBTFUL)


def _wall(moment: datetime, period: Period) -> datetime:
    return moment.astimezone(period.zone).replace(tzinfo=None)


def _select(scope: Scope, windows: list[Window]) -> CompoundSelect[Any]:
    facts = select_facts("created", scope.brand_ids, windows[-1][0], windows[0][1]).cte("facts")
    everything = select(literal("", String), *_sums(facts.c.at, windows)).select_from(facts)
    tagged = facts.join(TicketTag, col(TicketTag.ticket_id) == facts.c.id)
    tagged = tagged.join(Tag, col(Tag.id) == col(TicketTag.tag_id))
    by_tag = select(col(Tag.name), *_sums(facts.c.at, windows)).select_from(tagged)
    return union_all(everything, by_tag.group_by(col(Tag.name)))


def _sums(at: ColumnElement[Any], windows: list[Window]) -> list[Any]:
    return [func.count(case(((at >= start) & (at < end), 1))) for start, end in windows]


def in_baseline(at: ColumnElement[Any], until: datetime, period: Period, weeks: int) -> ColumnElement[bool]:
    """Whether a moment lies in the weeks that this one is compared with."""
    windows = plan_windows(until, period)[1 : weeks + 1]
    return or_(*((at >= start) & (at < end) for start, end in windows))

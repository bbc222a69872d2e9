"""Which days a report is about: whole days in one time zone, beside as many days before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from helpdesk.errors import Invalid
from helpdesk.i18n import lazy

PRESETS = {"7": lazy("7 days"), "28": lazy("28 days"), "90": lazy("90 days"), "month": lazy("This month")}
DEFAULT = "28"
MOST_DAYS = 366
EARLIEST = date(1990, 1, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @cached_property
    def start(self) -> datetime:
        return midnight(self.first, self.zone)

    @cached_property
    def end(self) -> datetime:
        """The first moment that is no longer part of it."""
        return midnight(self.last + DAY, self.zone)

    @property
    def before(self) -> Period:
        """As many days, directly before."""
        return Period(self.first - self.days * DAY, self.first - DAY, self.zone)

    @property
    def dates(self) -> list[date]:
        return [self.first + n * DAY for n in range(self.days)]

    def single(self, day: date) -> Period:
        return Period(day, day, self.zone)


@dataclass(frozen=True, slots=True)
class Run:
    """Days of 24 hours in a row from `start` on; `place` is the first one's. Other days stand alone."""

    start: datetime
    place: int
    even: bool


def parse(params: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Period:
    """`from` and `to`, or `period` (a preset). Raises Invalid for what is no span of days."""
    today = now.astimezone(zone).date()
    first, last = params.get("from", "").strip(), params.get("to", "").strip()
    if not first and not last:
        return preset(params.get("period", DEFAULT), zone, today)
    last_day = parse_day(last, "to") if last else today
    first_day = parse_day(first, "from") if first else min(last_day, today)
    return between(first_day, last_day, zone)


def preset(name: str, zone: ZoneInfo, today: date) -> Period:
    if name == "month":
        return Period(today.replace(day=1), today, zone)
    days = int(name if name in PRESETS else DEFAULT)
    return Period(today - (days - 1) * DAY, today, zone)


def between(first: date, last: date, zone: ZoneInfo) -> Period:
    if last < first:
        raise Invalid("the last day lies before the first one; exchange them", field="to")
    if (last - first).days >= MOST_DAYS:
        raise Invalid("a report covers at most 366 days; choose a shorter span", field="from")
    return Period(first, last, zone)


def parse_day(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("this is no date; write it like 2026-01-31", field=field) from error
    if not EARLIEST <= day <= date(9000, 1, 1):
        raise Invalid("there are no tickets on that date; choose a year that has some", field=field)
    return day


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The day's first moment in UTC, also where clocks jump over midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def plan_runs(period: Period) -> list[Run]:
    """The days of the period before and of this one, as few runs as clock changes allow."""
    first = period.before.first
    edges = [midnight(first + n * DAY, period.zone) for n in range(2 * period.days + 1)]
    runs: list[Run] = []
    for place, (start, end) in enumerate(pairwise(edges)):
        even = end - start == DAY
        if not (runs and even and runs[-1].even):
            runs.append(Run(start, place, even))
    return runs

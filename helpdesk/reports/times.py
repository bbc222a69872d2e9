"""How long customers waited: median and 90th percentile of first response and resolution, then and now."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, literal, union_all

from helpdesk.reports.measures import TIMED, Scope, first_message, moment, select_moments
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds over `count` tickets; None when there is none."""

    count: int = 0
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class Time:
    now: Spread
    before: Spread

    @property
    def change(self) -> float | None:
        """Of the median: -0.5 for twice as fast."""
        if self.now.median is None or not self.before.median:
            return None
        return (self.now.median - self.before.median) / self.before.median


def read(unit: Unit, scope: Scope) -> dict[str, Time]:
    """First response and resolution, in one query."""
    period, before = scope.period, scope.period.before
    waits: dict[tuple[str, bool], list[float]] = {(one, now): [] for one in TIMED for now in (True, False)}
    spans = union_all(*(_spans(measure, scope, before.start) for measure in TIMED))
    for measure, asked, at in unit.session.execute(spans):
        if asked is not None and asked <= at:
            waits[measure, at >= period.start].append(seconds_between(asked, at))
    return {one: Time(spread(waits[one, True]), spread(waits[one, False])) for one in TIMED}


def spread(seconds: Sequence[float]) -> Spread:
    """The 90th percentile is the shortest time that nine in ten tickets did not exceed."""
    if not seconds:
        return Spread()
    ordered = sorted(seconds)
    nearest = math.ceil(len(ordered) * 9 / 10) - 1
    return Spread(len(ordered), float(statistics.median(ordered)), ordered[nearest])


def seconds_between(asked: datetime, at: datetime) -> float:
    return (at - asked).total_seconds()


def _spans(measure: str, scope: Scope, start: datetime) -> Select[Any]:
    facts = select_moments(measure, scope.brand_ids, start, scope.period.end)
    asked, at = first_message().label("asked"), moment(measure).label("at")
    return facts.with_only_columns(literal(measure, String), asked, at)

"""Where dots and lines of the model page's drawings stand. Pure; the template draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

from helpdesk.triage.drift import Week

SIDE = 200  # of the square in which a calibration curve is drawn
LEAST_DOT, MOST_DOT = 2.5, 8.0
WIDE, HIGH = 640, 120  # of the weeks
ENOUGH = 20  # messages; a dot of fewer is luck, and no line leads to it
STEP = 0.1  # to whole tenths the top of the weeks is rounded


@dataclass(frozen=True, slots=True)
class Dot:
    """`sure` and `right` are shares; x, y and r are in the drawing's units."""

    x: float
    y: float
    r: float
    sure: float
    right: float
    n: int

    @property
    def few(self) -> bool:
        return self.n < ENOUGH


@dataclass(frozen=True, slots=True)
class Curve:
    """By how sure the model was: how often it was right. `line` joins the dots that enough messages stand behind."""

    dots: tuple[Dot, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Two lines over the weeks, and the last dot of each."""

    top: float
    silence: str
    correction: str
    last: tuple[float, float, float] | None  # x, y of silence, y of correction


def curve(points: Sequence[Mapping[str, Any]]) -> Curve:
    most = max((int(one["n"]) for one in points), default=1)
    dots = tuple(_dot(one, most) for one in points)
    return Curve(dots, " ".join(f"{dot.x},{dot.y}" for dot in dots if not dot.few))


def trend(weeks: Sequence[Week]) -> Trend:
    """Weeks without tickets are passed over; the line joins those beside them."""
    seen = [(at, one) for at, one in enumerate(weeks) if one.tickets]
    highest = max((max(one.silence, one.correction) for _, one in seen), default=0.0)
    top = max(STEP, ceil(highest / STEP - 1e-9) * STEP)
    across = WIDE / max(len(weeks) - 1, 1)
    silence = [(round(at * across, 1), _down(one.silence, top)) for at, one in seen]
    correction = [(round(at * across, 1), _down(one.correction, top)) for at, one in seen]
    last = (silence[-1][0], silence[-1][1], correction[-1][1]) if seen else None
    return Trend(round(top, 2), _line(silence), _line(correction), last)


def _dot(one: Mapping[str, Any], most: int) -> Dot:
    sure, right, n = float(one["sure"]), float(one["right"]), int(one["n"])
    radius = LEAST_DOT + (MOST_DOT - LEAST_DOT) * sqrt(n / most)
    return Dot(round(sure * SIDE, 1), round((1 - right) * SIDE, 1), round(radius, 1), sure, right, n)


def _down(share: float, top: float) -> float:
    return round(HIGH * (1 - share / top), 1)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)

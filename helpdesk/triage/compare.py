"""Why one ticket stands above another: the queue's order as a rule, and two tickets part by part. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.models import Ticket

ALONE = ("intent", "sentiment", "order")  # a ticket has one of each: two different ones stand side by side


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a place in the queue depends on. `since`: when the customer began to wait, else when it began."""

    id: int
    urgency: int
    since: datetime
    reasons: tuple[tuple[str, int], ...]  # code and points; they add up to the urgency

    @property
    def place(self) -> tuple[int, datetime, int]:
        return place(self.urgency, self.since, self.id)


@dataclass(frozen=True, slots=True)
class Line:
    """One part of both; an empty code where a ticket has nothing of it."""

    above: str
    below: str
    points_above: int
    points_below: int

    @property
    def difference(self) -> int:
        return self.points_above - self.points_below


@dataclass(frozen=True, slots=True)
class Comparison:
    """`decided_by`: urgency, waiting (as urgent, but longer) or age (neither, but older)."""

    above: Standing
    below: Standing
    decided_by: str
    lines: tuple[Line, ...]  # the greatest difference first

    @property
    def difference(self) -> int:
        return self.above.urgency - self.below.urgency


def place(urgency: int, since: datetime, id: int) -> tuple[int, datetime, int]:
    """Smaller stands above: more urgent, then longer waiting, then older. No two tickets have the same."""
    return -urgency, since, id


def standing(ticket: Ticket) -> Standing:
    return Standing(
        id=ticket.pk,
        urgency=ticket.urgency,
        since=ticket.waiting_since or ticket.created_at,
        reasons=tuple(_reasons(ticket.urgency_reasons)),
    )


def compare(one: Standing, other: Standing) -> Comparison:
    """Whichever is given first, the same comes out."""
    above, below = sorted((one, other), key=lambda it: it.place)
    return Comparison(above, below, _decided_by(above, below), _lines(above, below))


def _decided_by(above: Standing, below: Standing) -> str:
    if above.urgency != below.urgency:
        return "urgency"
    return "waiting" if above.since != below.since else "age"


def _lines(above: Standing, below: Standing) -> tuple[Line, ...]:
    ours, theirs = _by_part(above), _by_part(below)
    lines = []
    for part in ours | theirs:
        (code_above, points_above), (code_below, points_below) = (
            side.get(part, ("", 0)) for side in (ours, theirs)
        )
        lines.append(Line(code_above, code_below, points_above, points_below))
    return tuple(sorted(lines, key=lambda it: (-abs(it.difference), -it.points_above, it.above, it.below)))


def _by_part(one: Standing) -> dict[str, tuple[str, int]]:
    """A part that is there twice is there once, with all its points."""
    parts: dict[str, tuple[str, int]] = {}
    for code, points in one.reasons:
        kind = code.partition(":")[0]
        part = kind if kind in ALONE else code
        parts[part] = (code, points + parts.get(part, ("", 0))[1])
    return parts


def _reasons(kept: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return [(str(one.get("code", "")), int(one.get("points", 0))) for one in kept]

"""What each part of urgency weighs: all in one place. A brand may weigh otherwise; only what differs is kept.

Safety is not among them: who tells of harm stands above everybody else, whatever the weights (triage.rank).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Brand
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Weights:
    """Points at most, but for the first two, percent of what the words gave, and hours. None is below nothing."""

    intent: int = 100  # what the customer wants, and the whole wording
    mood: int = 100  # anger, threats, haste, a special day …
    waiting: int = 14  # reached after about two days
    due: int = 10  # reached when the reply target is, a quarter of it at half time
    reply_hours: int = 24  # within so many a customer should have an answer; 0 is no target
    late: int = 14  # the parcel is past its day, or silent
    late_to_ship: int = 12
    late_day: int = 1  # for each day past the promised one
    promised: int = 6  # the promised day is today or tomorrow, and the parcel is not there
    ship_cutoff: int = 15  # something can still be changed, but not for long
    order_value: int = 8
    vip: int = 8


USUAL = Weights()
NAMES = tuple(asdict(USUAL))
MOST = {"intent": 200, "mood": 200, "late_day": 5, "reply_hours": 14 * 24}
MOST_POINTS = 40


def of_brand(kept: Mapping[str, Any]) -> Weights:
    """As a brand keeps them; what is unknown or out of reach does not count."""
    return (
        Weights(**{name: points for name, points in kept.items() if _fits(name, points)}) if kept else USUAL
    )


def plan(values: Mapping[str, int]) -> dict[str, int]:
    """What a brand keeps of these values. Raises Invalid with the field that is out of reach."""
    for name, points in values.items():
        if not _fits(name, points):
            raise Invalid(
                lazy("a whole number from 0 to %(most)s"), field=name, most=MOST.get(name, MOST_POINTS)
            )
    return {name: values[name] for name in NAMES if name in values and values[name] != getattr(USUAL, name)}


def change(unit: Unit, brand: Brand, values: Mapping[str, int]) -> dict[str, list[int]]:
    """Keeps them; the queue is ranked anew soon after. Answers what changed: [before, after] by name."""
    before, kept = of_brand(brand.urgency_weights), plan(values)
    after = of_brand(kept)
    changed = {
        name: [getattr(before, name), getattr(after, name)]
        for name in NAMES
        if getattr(before, name) != getattr(after, name)
    }
    if changed:
        brand.urgency_weights = kept
        unit.session.add(brand)
        unit.tell("urgency_weighed", brand.pk)
    return changed


def _fits(name: str, points: object) -> bool:
    whole = isinstance(points, int) and not isinstance(points, bool)
    return name in NAMES and whole and 0 <= points <= MOST.get(name, MOST_POINTS)  # type: ignore[operator]

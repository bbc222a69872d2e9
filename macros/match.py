"""Which macros to offer for a ticket: a pure ranking by tags, order state, language and past use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log1p
from typing import Literal

from macros.catalog import Catalog
from macros.macro import Macro

TAG_POINTS = 60.0
LATER_TAG = 0.6  # a macro's second and later tags say what it touches, its first what it is about
STATE_POINTS = 25.0
USE_POINTS = 10.0
OTHER_LANGUAGE = -30.0

ReasonKind = Literal["tag", "state", "used", "language", "priority"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score: the tag, order state, times used or language it stands for, and its points."""

    kind: ReasonKind
    detail: str
    points: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A macro worth offering; `score` is the sum of the points of its reasons."""

    macro: Macro
    score: float
    reasons: tuple[Reason, ...]


def suggest(
    catalog: Catalog,
    *,
    tags: Mapping[str, float],
    lang: str,
    order_state: str | None,
    used: Mapping[str, int],
    limit: int = 3,
) -> list[Suggestion]:
    """The best macros first. One that shares no tag, or is for other order states, is never offered.

    Of a ticket without any tag the order alone speaks: then macros for just its state are offered.
    """
    most_used = max(used.values(), default=0)
    rated = (_rate(macro, tags, lang, order_state, used.get(macro.key, 0), most_used) for macro in catalog)
    found = [suggestion for suggestion in rated if suggestion]
    return sorted(found, key=lambda one: (-one.score, one.macro.key))[:limit]


def _rate(
    macro: Macro, tags: Mapping[str, float], lang: str, order_state: str | None, times: int, most: int
) -> Suggestion | None:
    tag = _tag_reason(macro, tags)
    if macro.states and order_state is not None and order_state not in macro.states:
        return None
    if tag is None and (tags or order_state is None or not macro.states):
        return None
    reasons = [tag] if tag else []
    if order_state is not None and macro.states:
        reasons.append(Reason("state", order_state, STATE_POINTS))
    if times > 0:
        reasons.append(Reason("used", str(times), round(USE_POINTS * log1p(times) / log1p(most), 2)))
    written = macro.language_for(lang)
    if not lang.lower().startswith(written):
        reasons.append(Reason("language", written, OTHER_LANGUAGE))
    if macro.priority:
        reasons.append(Reason("priority", str(macro.priority), float(macro.priority)))
    return Suggestion(macro, round(sum(reason.points for reason in reasons), 2), tuple(reasons))


def _tag_reason(macro: Macro, tags: Mapping[str, float]) -> Reason | None:
    weighed = [
        (TAG_POINTS * tags[tag] * (1.0 if place == 0 else LATER_TAG), tag)
        for place, tag in enumerate(macro.tags)
        if tags.get(tag, 0.0) > 0
    ]
    if not weighed:
        return None
    points, tag = max(weighed, key=lambda one: one[0])
    return Reason("tag", tag, round(points, 2))

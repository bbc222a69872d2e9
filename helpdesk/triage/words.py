"""What a ticket keeps of its words for ranking: the newest message's, and that harm was told of until we answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from classifiers import Reason
from classifiers.urgency import CUE_POINTS

UNHAPPY = frozenset({"sentiment:negative", "sentiment:angry", "sentiment:threat"})
HARM_TAGS = frozenset({"damaged_item", "complaint"})
TOLD = "safety_told"


def tells_of_harm(codes: Collection[str], tags: Collection[str]) -> bool:
    """Somebody was hurt or might be. A question about allergens in a calm voice is not that."""
    if "spam" in tags:
        return False
    about_harm = bool(HARM_TAGS & set(tags))
    hurt = "cue:safety" in codes and (about_harm or bool(UNHAPPY & set(codes)))
    return hurt or ("cue:health" in codes and about_harm) or TOLD in codes


def keep(
    found: Sequence[Reason],
    before: Iterable[Mapping[str, Any]],
    *,
    tags: Collection[str],
    waiting_since: datetime | None,
    at: datetime,
) -> list[dict[str, Any]]:
    """`before` is what the ticket has kept so far; it counts while nobody has answered since (`at`: this message)."""
    unanswered = waiting_since is not None and waiting_since < at
    told = unanswered and tells_of_harm([str(one.get("code")) for one in before], tags)
    if told and not tells_of_harm([one.code for one in found], tags):
        found = [*(one for one in found if one.code != "cue:safety"), Reason(TOLD, CUE_POINTS["safety"])]
    return [{"code": one.code, "points": one.points} for one in found]

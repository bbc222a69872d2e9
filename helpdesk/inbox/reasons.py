"""Why a ticket is as urgent as it is, in words. The codes come from triage.rank and the classifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy

WORDS = {
    "text:grade": lazy("the whole wording"),
    "sentiment:negative": lazy("unhappy"),
    "sentiment:angry": lazy("angry"),
    "sentiment:threat": lazy("threatening"),
    "cue:legal": lazy("legal steps"),
    "cue:consumer": lazy("consumer protection"),
    "cue:chargeback": lazy("chargeback"),
    "cue:exposure": lazy("goes public"),
    "cue:safety": lazy("safety"),
    "cue:health": lazy("health and safety"),
    "cue:fraud": lazy("fraud"),
    "cue:urgent": lazy("says it is urgent"),
    "cue:deadline": lazy("a deadline"),
    "cue:occasion": lazy("a special day"),
    "cue:repeated": lazy("asked before"),
    "cue:anger": lazy("angry words"),
    "cue:calm": lazy("in no hurry"),
    "safety_first": lazy("safety comes first"),
    "crowded": lazy("above 75 points weigh less"),
    "safety_told": lazy("safety, told before"),
    "fixed": lazy("set by an agent"),
    "wait": lazy("waiting"),
    "due": lazy("reply target"),
    "vip": lazy("VIP"),
    "order:late": lazy("delivery is late"),
    "order:late_to_ship": lazy("shipping is late"),
    "days_late": lazy("days late"),
    "promised": lazy("promised for now"),
    "ship_cutoff": lazy("ships soon"),
    "order_value": lazy("order value"),
}


@dataclass(frozen=True, slots=True)
class Why:
    label: str
    points: int

    @property
    def signed(self) -> str:
        return signed(self.points)


def say(reasons: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> tuple[Why, ...]:
    """The reasons in the order given; their points add up to the urgency."""
    return tuple(Why(word(str(one.get("code", "")), labels), int(one.get("points", 0))) for one in reasons)


def in_one_line(whys: Iterable[Why]) -> str:
    return " · ".join(f"{why.label} {why.signed}" for why in whys)


def signed(points: int) -> str:
    return f"+{points}" if points >= 0 else f"−{-points}"


def word(code: str, labels: Mapping[str, str]) -> str:
    if code in WORDS:
        return _(WORDS[code])
    kind, _colon, rest = code.partition(":")
    return labels.get(rest, rest.replace("_", " ")) if kind == "intent" and rest else code

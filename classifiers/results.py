"""What a classification says: immutable values, and their shape on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class TagScore(NamedTuple):
    """A tag with its calibrated probability, 0–1."""

    tag: str
    score: float


class Reason(NamedTuple):
    """One part of the urgency score: a machine-readable code (`cue:legal`) and its points."""

    code: str
    points: int


class Span(NamedTuple):
    """Characters `start:end` of a message that spoke for (or, negative, against) a tag."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Urgency:
    """0–100 from the text alone; the points of `reasons` add up to `score`."""

    score: int
    level: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Classification:
    """`tags` are sure enough to show; `ranked` holds every tag, best first."""

    lang: str
    tags: tuple[TagScore, ...]
    ranked: tuple[TagScore, ...]
    sentiment: str
    urgency: Urgency

    def as_json(self) -> dict[str, Any]:
        """The object that `helpdesk classify` prints for one message, without its id."""
        urgency = self.urgency
        return {
            "lang": self.lang,
            "tags": [{"tag": tag, "score": score} for tag, score in self.tags],
            "ranked": [{"tag": tag, "score": score} for tag, score in self.ranked],
            "sentiment": self.sentiment,
            "urgency": {
                "score": urgency.score,
                "level": urgency.level,
                "reasons": [{"reason": code, "points": points} for code, points in urgency.reasons],
            },
        }

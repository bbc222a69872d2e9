"""May a new model serve? Only if it is not worse than the one in use, in any language and for any tag. Pure.

Both are asked the same rows, which neither has seen. What counts are the rows on which they differ: a model is worse
where it loses clearly more of them than it wins, more than luck explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

LANGUAGE_LUCK = 2.0  # standard deviations; a language is one question
TAG_LUCK = 2.5  # there are some thirty tags: one of them loses a few rows by luck alone
MOST_SILENCED = 0.05  # of a language's rows: right tags that it is no longer sure enough to show
MOST_LOST = 0.01  # of a language's rows, whatever luck says


@dataclass(frozen=True, slots=True)
class Objection:
    """Where it is worse: `tag` is empty for the language as a whole."""

    language: str
    tag: str
    lost: int
    won: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def decide(changes: Mapping[str, Any]) -> list[Objection]:
    """Empty when it may serve. `changes` is what the trial says: by language lost, won, n, and tags with the same."""
    objections = []
    for language, told in sorted(changes.items()):
        lost, won = int(told["lost"]), int(told["won"])
        if is_worse(lost, won, LANGUAGE_LUCK) or lost - won > MOST_LOST * int(told["n"]) + 1:
            objections.append(Objection(language, "", lost, won))
        silenced = told.get("shown", {"lost": 0, "won": 0})
        if silenced["lost"] - silenced["won"] > MOST_SILENCED * int(told["n"]) + 1:
            objections.append(Objection(language, "", int(silenced["lost"]), int(silenced["won"])))
        for tag, one in sorted(told["tags"].items()):
            if is_worse(int(one["lost"]), int(one["won"]), TAG_LUCK):
                objections.append(Objection(language, tag, int(one["lost"]), int(one["won"])))
    return objections


def is_worse(lost: int, won: int, luck: float) -> bool:
    """A fair coin for every row on which they differ would hardly ever come out like this."""
    return lost - won > luck * sqrt(lost + won)

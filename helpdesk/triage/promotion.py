"""May a new model serve? Only if it is not worse than the one in use, in any language and for any tag. Pure.

Both are asked the same rows, which neither has seen. What counts are the rows on which they differ: a model is worse
where it loses clearly more of them than it wins, more than luck explains. The rows of the corpus are judged by
themselves too, so that a team's labels cannot outvote them, and the team's must agree with each other and, where the
model in use is sure, mostly with that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

LANGUAGE_LUCK = 2.0  # standard deviations; a language is one question
TAG_LUCK = 2.5  # there are some thirty tags: one of them loses a few rows by luck alone
MOST_SILENCED = 0.05  # of a language's rows: right tags that it is no longer sure enough to show
MOST_LOST = 0.01  # of a language's rows, whatever luck says
LEAST_TAUGHT = 20  # of the team's rows, below which their agreement says nothing
LEAST_AGREED = 0.5  # of them: what a model gets right that has learned from the others, or is sure
TEAM, SURE = "team", "sure"


@dataclass(frozen=True, slots=True)
class Objection:
    """Where it is worse: `tag` is empty for the language as a whole. Of the kinds team and sure it has neither: `lost`
    of the team's rows are not what the rest of them teaches, or what the model in use is sure of; `won` are."""

    language: str
    tag: str
    lost: int
    won: int
    kind: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def decide(result: Mapping[str, Any]) -> list[Objection]:
    """Empty when it may serve. `result` is what the trial says."""
    found: dict[tuple[str, str, str], Objection] = {}
    for one in (*_worse(result["changes"]), *_worse(result.get("neutral", {})), *_disagreeing(result)):
        found.setdefault((one.kind, one.language, one.tag), one)
    return list(found.values())


def is_worse(lost: int, won: int, luck: float) -> bool:
    """A fair coin for every row on which they differ would hardly ever come out like this."""
    return lost - won > luck * sqrt(lost + won)


def _worse(changes: Mapping[str, Any]) -> Iterator[Objection]:
    """By language lost, won, n, and tags with the same."""
    for language, told in sorted(changes.items()):
        lost, won = int(told["lost"]), int(told["won"])
        if is_worse(lost, won, LANGUAGE_LUCK) or lost - won > MOST_LOST * int(told["n"]) + 1:
            yield Objection(language, "", lost, won)
        silenced = told.get("shown", {"lost": 0, "won": 0})
        if silenced["lost"] - silenced["won"] > MOST_SILENCED * int(told["n"]) + 1:
            yield Objection(language, "", int(silenced["lost"]), int(silenced["won"]))
        for tag, one in sorted(told["tags"].items()):
            if is_worse(int(one["lost"]), int(one["won"]), TAG_LUCK):
                yield Objection(language, tag, int(one["lost"]), int(one["won"]))


def _disagreeing(result: Mapping[str, Any]) -> Iterator[Objection]:
    for kind in (TEAM, SURE):
        told = result.get(kind, {"n": 0, "right": 0})
        n, right = int(told["n"]), int(told["right"])
        if n >= LEAST_TAUGHT and right < LEAST_AGREED * n:
            yield Objection("", "", n - right, right, kind)

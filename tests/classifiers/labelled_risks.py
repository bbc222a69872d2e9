"""Messages labelled by hand with mood and risk, none of it in the corpus; half of the calm ones look dangerous.

The words behind the cues were mended with the first set. The `unseen` ones avoid every usual word on purpose, the
`third` ones were written before the head for harm; nothing was mended with either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "data"
LANGUAGES = ("ja", "en")
BLIND = ("unseen", "third")
UNHAPPY = ("negative", "angry", "threat")


class Labelled(NamedTuple):
    """`risks` are kinds of classifiers.risks."""

    text: str
    lang: str
    sentiment: str
    risks: frozenset[str]


class Figures(NamedTuple):
    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def read(lang: str, part: str = "") -> list[Labelled]:
    """`part`: one of BLIND, or those that were looked at."""
    name = f"risk_{lang}_{part}.jsonl" if part else f"risk_{lang}.jsonl"
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Labelled(row["text"], row["lang"], row["sentiment"], frozenset(row["risk"])) for row in rows]


def figures(pairs: Iterable[tuple[bool, bool]]) -> Figures:
    """Of pairs wanted, found."""
    known = list(pairs)
    return Figures(
        sum(wanted and found for wanted, found in known),
        sum(found for _, found in known),
        sum(wanted for wanted, _ in known),
    )

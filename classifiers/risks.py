"""What puts people or the shop at risk: steps that are announced, and harm that was done; see risks_en and risks_ja."""

from __future__ import annotations

import re
from typing import NamedTuple

THREATS = ("legal", "consumer", "chargeback", "exposure")
SAFETY = "safety"
_GOES_ON = re.compile(r"\n\s*\|")
BEGIN = 4  # letters of a word that are compared with the stems
_GOES_ON = re.compile(r"\n\s*\|")


class Risk(NamedTuple):
    """One kind in one language. `sure` tells it by itself; `hints` only in an unhappy voice (classifiers.mood).

    A text is read only if one of the `stems` is in it: in English as the beginning of a word, up to four letters of it.
    All of prepared text: lower case, numbers as 0.
    """

    kind: str
    stems: frozenset[str]
    sure: re.Pattern[str]
    hints: re.Pattern[str]


def english(kind: str, stems: str, sure: str, hints: str) -> Risk:
    """Phrases begin a word; `sure` has one a line, and a line that begins with | goes on with the one above."""
    begin = frozenset(stem[:BEGIN] for stem in stems.split("|"))
    return Risk(kind, begin, re.compile(rf"\b(?:{_either(sure)})"), re.compile(rf"\b(?:{hints})"))


def japanese(kind: str, stems: str, sure: str, hints: str) -> Risk:
    """As for English, but a phrase may begin anywhere."""
    return Risk(kind, frozenset(stems.split("|")), re.compile(_either(sure)), re.compile(hints))


def _either(phrases: str) -> str:
    lines = _GOES_ON.sub("|", phrases.strip()).splitlines()
    return "|".join(f"(?:{phrase.strip()})" for phrase in lines)

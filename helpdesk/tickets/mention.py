"""Whom a note calls: `@Name` of an agent, as people write it. Pure; read by tickets.note and the conversation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠]")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` calls the agent at `place` of the names that were given."""

    start: int
    end: int
    place: int


def find(text: str, names: Sequence[str]) -> list[Mention]:
    """The longest spelling wins. A part of a name counts while only one agent has it: @高橋 is 高橋 美咲."""
    spellings = _spellings(names)
    found: list[Mention] = []
    for at in _AT.finditer(text):
        if found and at.start() < found[-1].end:
            continue
        hit = _longest(text, at.end(), spellings)
        if hit:
            found.append(Mention(at.start(), hit[0], hit[1]))
    return found


def _spellings(names: Sequence[str]) -> list[tuple[re.Pattern[str], int]]:
    """Each way to write a name with the agent it stands for, longest first; what two share stands for nobody."""
    whole: dict[str, set[int]] = {}
    parts: dict[str, set[int]] = {}
    for place, name in enumerate(names):
        words = _BLANKS.split(name.strip())
        if not words[0]:
            continue
        for spelling in (" ".join(words), "".join(words)):
            whole.setdefault(spelling.casefold(), set()).add(place)
        for word in words:
            parts.setdefault(word.casefold(), set()).add(place)
    known = {**parts, **whole}
    meant = [(spelling, next(iter(places))) for spelling, places in known.items() if len(places) == 1]
    return [(_pattern(spelling), place) for spelling, place in sorted(meant, key=lambda one: -len(one[0]))]


def _pattern(spelling: str) -> re.Pattern[str]:
    """Blanks may be of any width. Japanese goes on right after a name, Latin words have to end."""
    words = r"[ \t　]+".join(re.escape(word) for word in spelling.split())
    ends = r"(?![A-Za-z0-9_])" if unicodedata.name(spelling[-1], "").startswith("LATIN") else ""
    return re.compile(words + ends, re.IGNORECASE)


def _longest(text: str, start: int, spellings: list[tuple[re.Pattern[str], int]]) -> tuple[int, int] | None:
    for pattern, place in spellings:
        hit = pattern.match(text, start)
        if hit:
            return hit.end(), place
    return None

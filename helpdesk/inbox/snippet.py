"""The piece of a text in which the words stand that were looked for, with each of them marked.

Pure. Words are looked for in folded text; folding changes lengths, so each folded character knows where it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.customers.private_numbers import hide
from helpdesk.store.search import Word
from helpdesk.store.search.tokens import fold

BEFORE, LENGTH = 24, 110  # before the word; half as many wide characters
READ = 20_000  # characters of a message that are looked through
JOINED = "\u3099\u309a\uff9e\uff9f"  # voice marks, that make one letter with the one before


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    hit: bool = False


def cut(text: str, words: Sequence[Word]) -> tuple[Part, ...]:
    """One line around the first word found; empty where none stands."""
    said = hide(re.sub(r"\s+", " ", text[:READ]).strip())
    spans = find(said, words)
    if not spans:
        return ()
    first = _start(said, spans[0][0])
    return _parts(said, spans, first, min(len(said), first + LENGTH))


def mark(text: str, words: Sequence[Word]) -> tuple[Part, ...]:
    """All of a short text, a name or a subject."""
    return _parts(text, find(text, words), 0, len(text))


def find(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Where the words stand in the text as it is written: spans that do not overlap, in order."""
    folded, places = folded_with_places(text)
    hits = sorted(match.span() for word in words for match in word.pattern.finditer(folded))
    spans: list[tuple[int, int]] = []
    for begin, end in hits:
        if begin == end:
            continue
        span = places[begin], places[end]
        if spans and span[0] <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], span[1])
        else:
            spans.append(span)
    return spans


def folded_with_places(text: str) -> tuple[str, list[int] | range]:
    """The folded text, and for each of its characters and its end the place in the text."""
    whole = fold(text)
    if len(whole) == len(text) and unicodedata.is_normalized("NFKC", text):
        return whole, range(len(text) + 1)
    folded: list[str] = []
    places: list[int] = []
    for begin, end in _letters(text):
        piece = fold(text[begin:end])
        folded.append(piece)
        places.extend([begin] * len(piece))
    return "".join(folded), [*places, len(text)]


def _letters(text: str) -> list[tuple[int, int]]:
    """Spans of a character with the marks that join it when it is folded."""
    starts = [
        place
        for place, character in enumerate(text)
        if place == 0 or not (character in JOINED or unicodedata.combining(character))
    ]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _start(text: str, hit: int) -> int:
    """A little before the hit, at a word's beginning where there is one near."""
    wide = sum(not character.isascii() for character in text[max(0, hit - BEFORE) : hit])
    first = max(0, hit - BEFORE + wide // 2)
    if first == 0:
        return 0
    space = text.find(" ", first, hit)
    return space + 1 if space >= 0 else first


def _parts(text: str, spans: list[tuple[int, int]], first: int, last: int) -> tuple[Part, ...]:
    parts = [Part("…")] if first else []
    place = first
    for begin, end in spans:
        if begin >= last:
            break
        if begin > place:
            parts.append(Part(text[place:begin]))
        parts.append(Part(text[begin : min(end, last)], hit=True))
        place = min(end, last)
    if place < last:
        parts.append(Part(text[place:last]))
    return (*parts, Part("…")) if last < len(text) else tuple(parts)

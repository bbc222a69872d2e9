"""Long words in several messages: cut where a reader would pause, never inside a character as people see it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

PAUSES = ("\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "、", ", ", " ")
JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
SKIN = range(0x1F3FB, 0x1F400)
FLAGS = range(0x1F1E6, 0x1F200)

Measure = Callable[[str], int]


def utf16(text: str) -> int:
    """As LINE and browsers count: 🍎 is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


MEASURES: Mapping[str, Measure] = {"characters": len, "utf16": utf16, "utf8": utf8}


def cut(text: str, most: int, measure: Measure = len) -> list[str]:
    """Pieces of at most `most` by `measure`; together they are the text without the white space between them."""
    pieces: list[str] = []
    rest = text.strip()
    while rest and measure(rest) > most:
        end = _longest(rest, most, measure)
        end = _pause(rest, end) or _whole(rest, end)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [one for one in (*pieces, rest) if one]


def _longest(text: str, most: int, measure: Measure) -> int:
    """How many characters fit; found by halving, because counting is linear."""
    low, high = 1, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= most else (low, middle - 1)
    return low


def _pause(text: str, end: int) -> int:
    """The end of the last sentence or word that is not too far back; 0 when there is none."""
    least = end // 2
    for pause in PAUSES:
        found = text.rfind(pause, least, end)
        if found > 0:
            return found + len(pause)
    return 0


def _whole(text: str, end: int) -> int:
    """Back to where a new character as people see it begins."""
    start = end
    while start > 1 and _continues(text, start):
        start -= 1
    return start if start > 1 else end


def _continues(text: str, at: int) -> bool:
    here, before = text[at], text[at - 1]
    if here in JOINERS or before == "\u200d" or unicodedata.combining(here) or ord(here) in SKIN:
        return True
    if ord(here) in FLAGS and ord(before) in FLAGS:
        run = 0
        while run < at and ord(text[at - 1 - run]) in FLAGS:
            run += 1
        return run % 2 == 1
    return False

"""The lines of an article that speak most of what was asked, short enough for a card."""

from __future__ import annotations

import re
from collections.abc import Set

from helpdesk.help import terms

SENTENCE = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+|\.(?=\s)|$)?")
LENGTH = 120  # columns; a wide character takes two
MOST_READ = 6_000
MARK = re.compile(r"^\s*(?:[-•>]|\d{1,3}\.)\s+")
ADDRESS = re.compile(r"\s*<(?:https?|mailto|tel)[^>]*>")


def cut(text: str, wanted: Set[str]) -> str:
    """The first of the sentences that hold the most of the terms, with what follows it; or the beginning."""
    lines = (MARK.sub("", ADDRESS.sub("", line)).strip() for line in text[:MOST_READ].splitlines())
    sentences = [found[0].strip() for line in lines if line for found in SENTENCE.finditer(line)]
    if not sentences:
        return ""
    counts = [terms.count(one, wanted) if wanted else 0 for one in sentences]
    first = counts.index(max(counts))
    return _shorten(sentences[first:])


def _shorten(sentences: list[str]) -> str:
    told = ""
    for one in sentences:
        space = " " if told and told[-1].isascii() else ""
        if told and _width(told + space + one) > LENGTH:
            return told
        told += space + one
    return told if _width(told) <= LENGTH else _clip(told)


def _clip(text: str) -> str:
    while _width(text) > LENGTH - 1:
        text = text[:-1]
    words = text.rsplit(" ", 1)[0] if text[-1].isascii() and " " in text[-20:] else text
    return words.rstrip(" 、,.;:") + "…"


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)

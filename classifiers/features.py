"""Third step: the terms of a prepared text. Training and the lean serving path both take them from here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from classifiers.text import DIGIT_MASK

_LETTER = "a-z\u00df-\u024f"
# Either one Latin word or one unbroken run of anything else (Japanese, digits, marks such as ! ? 。).
TOKEN = re.compile(rf"[{_LETTER}][{_LETTER}0-9]*(?:'[a-z]+)?|[^\s{_LETTER}]+")
_LATIN = re.compile(rf"[{_LETTER}]")
_LONGEST_WORD = 30
NUMBER = DIGIT_MASK
LATIN_SIZES = (2, 3, 4, 5)
OTHER_SIZES = (1, 2, 3, 4)
SUBLINEAR = True
# Words and characters say much the same in English; Japanese has the characters alone.
WORDS_WEIGHT = 0.6


def tokens(prepared: str) -> list[str]:
    """Latin words and runs of other characters, in order."""
    return TOKEN.findall(prepared)


def is_latin(token: str) -> bool:
    """Whether the token is a Latin word."""
    return _LATIN.match(token) is not None


def brevity(prepared: str) -> float:
    """1 for nothing, towards 0 for a long mail: a few words tell less of whether any tag applies."""
    return float((1 + len(prepared)) ** -0.5)


def word_terms(parts: Iterable[str]) -> list[str]:
    """Words and pairs of neighbouring words; Japanese has none and lives in the characters."""
    words = [part for part in parts if part == NUMBER or is_latin(part)]
    return words + [f"{left} {right}" for left, right in pairwise(words)]


def char_terms(token: str) -> list[str]:
    """Pieces of a token: 2–5 characters inside a Latin word with its edges, 1–4 of anything else."""
    source, sizes = _source(token)
    return [source[at : at + size] for size in sizes for at in range(len(source) - size + 1)]


def placed_char_terms(token: str) -> list[tuple[str, int]]:
    """As `char_terms`, with where each piece starts (a Latin word starts at 1, after its edge)."""
    source, sizes = _source(token)
    return [(source[at : at + size], at) for size in sizes for at in range(len(source) - size + 1)]


def _source(token: str) -> tuple[str, tuple[int, ...]]:
    if is_latin(token):
        return f" {token[:_LONGEST_WORD]} ", LATIN_SIZES
    return token, OTHER_SIZES


def analyze_words(prepared: str) -> list[str]:
    """Word terms of a prepared text, as scikit-learn's `analyzer`."""
    return word_terms(tokens(prepared))


def analyze_chars(prepared: str) -> list[str]:
    """Character terms of a prepared text, as scikit-learn's `analyzer`."""
    return [term for token in tokens(prepared) for term in char_terms(token)]

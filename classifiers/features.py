"""Third step: the terms of a prepared text. Training and the lean serving path both take them from here."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LETTER = "a-z\u00df-\u024f"
# Either one Latin word or one unbroken run of anything else (Japanese, digits, marks such as ! ? 。).
TOKEN = re.compile(rf"[{_LETTER}][{_LETTER}0-9]*(?:'[a-z]+)?|[^\s{_LETTER}]+")
_LATIN = re.compile(rf"[{_LETTER}]")
_LONGEST_WORD = 30
LATIN_SIZES = (2, 3, 4, 5)
OTHER_SIZES = (1, 2, 3, 4)
SUBLINEAR = True


def tokens(prepared: str) -> list[str]:
    """Latin words and runs of other characters, in order."""
    return TOKEN.findall(prepared)


def is_latin(token: str) -> bool:
    """Whether the token is a Latin word."""
    return _LATIN.match(token) is not None


def word_terms(parts: Iterable[str]) -> list[str]:
    """Words and pairs of neighbouring words; Japanese has none and lives in the characters."""
    words = [part for part in parts if part == "0" or is_latin(part)]
    return words + [f"{left} {right}" for left, right in zip(words, words[1:], strict=False)]


def char_terms(token: str) -> list[str]:
    """Pieces of a token: 2–5 characters inside a Latin word with its edges, 1–4 of anything else."""
    latin = is_latin(token)
    source = f" {token[:_LONGEST_WORD]} " if latin else token
    sizes = LATIN_SIZES if latin else OTHER_SIZES
    return [source[at : at + size] for size in sizes for at in range(len(source) - size + 1)]


def analyze_words(prepared: str) -> list[str]:
    """Word terms of a prepared text, as scikit-learn's `analyzer`."""
    return word_terms(tokens(prepared))


def analyze_chars(prepared: str) -> list[str]:
    """Character terms of a prepared text, as scikit-learn's `analyzer`."""
    return [term for token in tokens(prepared) for term in char_terms(token)]

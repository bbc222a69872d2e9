"""Whether an answer is written in the customer's language, said while it is being written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifiers.language import LANGUAGES, detect

ENOUGH = 12  # letters; a greeting or a number says nothing of a language
FOREIGN = re.compile(r"https?://\S+|\S+@\S+|^>.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Check:
    """`written` is what the text is in, `expected` what the customer writes."""

    differs: bool
    expected: str
    written: str


def check(text: str, expected: str) -> Check:
    """Only when it is certain: addresses, quoted lines and very short texts do not count."""
    words = FOREIGN.sub(" ", text)
    letters = sum(map(str.isalpha, words[:4000]))
    if letters < ENOUGH or expected not in LANGUAGES:
        return Check(False, expected, expected)
    written = detect(words, expected)
    return Check(written != expected, expected, written)

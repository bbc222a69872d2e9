"""A reader's words as the index knows them: each a phrase of tokens, or one of several ways to write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk.store.search.synonyms import alike
from helpdesk.store.search.tokens import CJK, LATIN, RUN, begun, fold, whole

APART = re.compile(r"[\s、。，．,;；]+")
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens one after the other. `open`: the last one may go on in the text."""

    tokens: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that must be there, in any of its ways; `pattern` finds it in folded text."""

    ways: tuple[Phrase, ...]
    pattern: re.Pattern[str]


def words(text: str) -> tuple[Word, ...]:
    """The words of a query, each as people type it: its end may still be missing."""
    found = (word(part) for part in APART.split(fold(text)))
    return tuple(one for one in found if one is not None)[:MOST_WORDS]


def word(text: str, *, quoted: bool = False) -> Word | None:
    """A word with the other ways to write it; a quoted one stands exactly so. None without letters or digits."""
    ways = [RUN.findall(way) for way in ((fold(text),) if quoted else alike(fold(text)))]
    ways = [runs for runs in ways if runs]
    if not ways:
        return None
    phrases = tuple(_phrase(runs, closed=quoted or number > 0) for number, runs in enumerate(ways))
    patterns = (_pattern(runs, closed=quoted or number > 0) for number, runs in enumerate(ways))
    return Word(phrases, re.compile("|".join(patterns)))


def _phrase(runs: list[str], *, closed: bool) -> Phrase:
    tokens = [token for run in runs[:-1] for token in whole(run)] + begun(runs[-1])
    short = len(runs[-1]) == 1
    goes_on = short if CJK.match(runs[-1]) else not closed and not short
    return Phrase(tuple(tokens), open=goes_on)


def _pattern(runs: list[str], *, closed: bool) -> str:
    first = "" if CJK.match(runs[0]) else f"(?<!{LATIN})"
    last = f"(?!{LATIN})" if closed and not CJK.match(runs[-1]) else ""
    return first + r"[\W_]*".join(re.escape(run) for run in runs) + last

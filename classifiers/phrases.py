"""What messages of one kind have in common, in words that people read: the phrases that name a topic.

A phrase is a run of Latin words, or a run of Japanese characters that begins and ends where words do: every text
that has it goes on differently. It counts by how many of the messages have it, and how few of all others.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifiers.features import is_latin, tokens

MOST = 5
FEWEST = 3  # different writers: what one of them alone says may be a name or an address
SHARE = 0.2  # of the messages must have it
USUAL = 0.02  # of all other messages: from here on a Latin word neither begins nor ends a phrase
PART = 0.8  # of the messages with the shorter phrase have the longer
RARE = 0.05  # of other messages may have it
TELLING = 1.5  # so many times (e to this) as often as elsewhere
WORDS, CHARACTERS = 3, 12
PARTICLES = re.compile(r"(?:から|まで|より|って|など|です|[はがをにでとものへやかねよ、])")
DONE = re.compile(r"(?:する|した|して|しま|され)")  # makes a verb of what stands before it in kanji
POLITE = re.compile(r"(?:ます|ません|ました|です|でした|ください|でしょう)か?$")
MASKS = frozenset({"zzurl", "zzmail", "0"})

_HIRAGANA, _KATAKANA, _KANJI = (
    re.compile(rf"[{one}]") for one in ("\u3041-\u309f", "\u30a1-\u30ffー", "\u3400-\u9fff々〆")
)
_RUN = re.compile("[\u3041-\u30ff\u3400-\u9fff々〆ー]+")


@dataclass(frozen=True, slots=True)
class Said:
    """A prepared text and who wrote it."""

    text: str
    writer: str


def telling(
    here: Sequence[Said], elsewhere: Sequence[Sequence[str]], lang: str, most: int = MOST
) -> list[str]:
    """The phrases of these messages, the most telling first; none where they share nothing of their own.

    `elsewhere`: bodies of other texts; a phrase that is usual in any of them tells nothing.
    """
    gather = _latin if lang == "en" else _japanese
    shared = gather([one.text for one in here], [text for body in elsewhere for text in body])
    told: list[tuple[float, str, frozenset[int]]] = []
    for phrase, places in sorted(shared.items()):
        if len({here[at].writer for at in places}) < max(FEWEST, math.ceil(SHARE * len(here))):
            continue
        ratio = min(
            (_ratio(len(places) / len(here), phrase, body, lang) for body in elsewhere), default=math.inf
        )
        if ratio >= TELLING:
            told.append((len(places) / len(here) * ratio * _weight(phrase, lang), phrase, frozenset(places)))
    told.sort(key=lambda one: (-one[0], one[1]))
    return _different(told, most)


def _ratio(share: float, phrase: str, others: Sequence[str], lang: str) -> float:
    """How much more usual than among others, as a logarithm; nothing when it is usual there."""
    n = sum(_has(text, phrase, lang) for text in others)
    if n > RARE * len(others) + 1:
        return 0.0
    return math.log(share * (len(others) + 20) / (n + 0.5))


def _weight(phrase: str, lang: str) -> float:
    """Of two as telling, the longer says more."""
    length = len(phrase.split()) if lang == "en" else len(phrase) / 3
    return 1 + 0.35 * math.log(max(1.0, length))


def _different(told: Sequence[tuple[float, str, frozenset[int]]], most: int) -> list[str]:
    """Without those that only repeat a better one."""
    kept: list[tuple[str, frozenset[int]]] = []
    for _, phrase, places in told:
        if len(kept) == most:
            break
        if not any(_repeats(phrase, other) for other, _ in kept):
            kept.append((phrase, places))
    return [phrase for phrase, _ in kept]


def _repeats(phrase: str, other: str) -> bool:
    if phrase in other or other in phrase:
        return True
    mine, theirs = set(phrase.split()), set(other.split())
    return len(mine) > 1 and len(mine & theirs) * 2 >= min(len(mine), len(theirs)) + 1


def _has(text: str, phrase: str, lang: str) -> bool:
    return f" {phrase} " in text if lang == "en" else phrase in text


def spaced(text: str) -> str:
    """The Latin words of a prepared text, each with a blank on both sides."""
    return f" {' '.join(part for part in tokens(text) if is_latin(part))} "


def _latin(here: Sequence[str], elsewhere: Sequence[str]) -> dict[str, set[int]]:
    """Runs of words that neither begin nor end with one that is everywhere."""
    usual = _usual(elsewhere)
    found: dict[str, set[int]] = defaultdict(set)
    for at, text in enumerate(here):
        words = text.split()
        for size in range(1, WORDS + 1):
            for start in range(len(words) - size + 1):
                run = words[start : start + size]
                if {run[0], run[-1]} & usual or MASKS.intersection(run) or max(map(len, run)) < 3:
                    continue
                found[" ".join(run)].add(at)
    return _longest(found)


def _usual(texts: Iterable[str]) -> set[str]:
    texts = list(texts)
    seen = Counter(word for text in texts for word in set(text.split()))
    return {word for word, n in seen.items() if n > USUAL * len(texts)}


def _japanese(here: Sequence[str], _elsewhere: Sequence[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    fits: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for at, text in enumerate(here):
        for phrase, whole in _pieces(text):
            found[phrase].add(at)
            times[phrase] += 1
            fits[phrase] += whole
    return _longest({phrase: at for phrase, at in found.items() if 2 * fits[phrase] >= times[phrase]})


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of Japanese runs that begin where a word can, and whether this one ends where a word does."""
    for match in _RUN.finditer(text):
        run = match.group()
        for start in range(len(run)):
            if not _begins(run, start):
                continue
            for end in range(start + 2, min(len(run), start + CHARACTERS) + 1):
                piece = run[start:end]
                if _speaks(piece):
                    yield piece, _ends(run, end)


def _begins(run: str, start: int) -> bool:
    """Where the script changes, or after a particle that stands behind another script: 自治体のふるさと."""
    if run[start] in "がを":
        return False
    if start == 0 or _script(run[start]) != _script(run[start - 1]):
        return True
    particle = start > 1 and run[start - 1] in "のはがをにで" and _script(run[start - 2]) != "h"
    return particle and _script(run[start]) == "h"


def _speaks(piece: str) -> bool:
    """Hiragana alone names a thing only where it is long enough; an ending particle belongs to what follows."""
    if _script(piece[-1]) == "h" and PARTICLES.match(piece, len(piece) - 1):
        return False
    return any(_script(char) != "h" for char in piece) or (len(piece) >= 4 and not POLITE.search(piece))


def _ends(run: str, end: int) -> bool:
    """Only a particle is surely another word: 申し and 申し込 are none, 申し込み is."""
    if end == len(run) or (_script(run[end]) == "h" and PARTICLES.match(run, end)):
        return True
    last, following = _script(run[end - 1]), _script(run[end])
    if last == "k" and DONE.match(run, end):
        return True
    return last != following and "c" in (last, following)


def _script(char: str) -> str:
    if _HIRAGANA.match(char):
        return "h"
    return "c" if _KATAKANA.match(char) else "k"


def _longest(found: dict[str, set[int]]) -> dict[str, set[int]]:
    """Without those that are mostly a part of a longer one."""
    kept: dict[str, set[int]] = {}
    often = [one for one in found.items() if len(one[1]) >= FEWEST]
    for phrase, places in sorted(often, key=lambda one: (-len(one[0]), one[0])):
        if not any(phrase in longer and len(there) >= PART * len(places) for longer, there in kept.items()):
            kept[phrase] = places
    return kept

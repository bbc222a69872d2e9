"""How a shop numbers its orders, learnt from orders it has, and such numbers as customers write them. Pure.

Where the shop has numbers like HK-10007, `hk 20391`, `HK20391`, `ＨＫ－２０３９１` and bare `20391` are HK-20391.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from helpdesk.commerce.spelling import CONSIDERED, plain

PART = re.compile(r"[0-9]+|[A-Z]+|[^0-9A-Z]+")
BARE_LEAST = 4  # digits that may stand without the letters that belong before them
MOST_SHAPES = 8
MOST = 24  # candidates of one message
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Shape:
    """Literal parts and, for each run of digits, None; `pattern` has a group for each of these."""

    parts: tuple[str | None, ...]
    pattern: re.Pattern[str]
    bare: re.Pattern[str] | None

    def spelled(self, digits: Iterable[str]) -> str:
        """The number as the shop writes it."""
        run = iter(digits)
        return "".join(part if part is not None else next(run) for part in self.parts)


@lru_cache(maxsize=512)
def learn(numbers: tuple[str, ...]) -> tuple[Shape, ...]:
    """The shapes of these numbers, commonest first."""
    seen: Counter[tuple[str | None, ...]] = Counter()
    sizes: dict[tuple[str | None, ...], list[list[int]]] = {}
    for number in numbers:
        parts = PART.findall(plain(number[:LONGEST]).strip())
        key = tuple(None if part.isdecimal() else part for part in parts)
        runs = [len(part) for part in parts if part.isdecimal()]
        if sum(runs) < 3:
            continue
        seen[key] += 1
        sizes.setdefault(key, []).append(runs)
    return tuple(_shape(key, sizes[key]) for key, _ in seen.most_common(MOST_SHAPES))


def find(text: str, shapes: Iterable[Shape]) -> list[str]:
    """Candidates as the shop would write them, in text order, whole spellings before bare digits; no repeats."""
    said = plain(text[:CONSIDERED])
    whole: dict[str, int] = {}
    bare: dict[str, int] = {}
    for shape in shapes:
        for match in shape.pattern.finditer(said):
            whole.setdefault(shape.spelled(match.groups()), match.start())
        for match in shape.bare.finditer(said) if shape.bare else ():
            bare.setdefault(shape.spelled(match.groups()), match.start())
    first = sorted(whole, key=lambda one: whole[one])
    rest = sorted(bare.keys() - whole.keys(), key=lambda one: (bare[one], one))
    return [*first, *rest][:MOST]


def _shape(parts: tuple[str | None, ...], sizes: list[list[int]]) -> Shape:
    """Numbers grow: one digit more than has been seen is allowed."""
    runs = [f"([0-9]{{{min(some)},{max(some) + 1}}})" for some in zip(*sizes, strict=True)]
    each, pieces = iter(runs), []
    for part in parts:
        if part is None:
            pieces.append(next(each))
        else:
            pieces.append(part if part.isalpha() and part.isascii() else "[^0-9A-Z\\n]{0,2}")
    glue = "[ _-]?"
    pattern = re.compile(f"(?<![0-9A-Z-]){glue.join(pieces)}(?![0-9A-Z]|-[0-9])")
    alone = len(runs) == 1 and parts != (None,) and min(sizes)[0] >= BARE_LEAST
    bare = re.compile(f"(?<![0-9A-Z-]){runs[0]}(?![0-9A-Z]|-[0-9])") if alone else None
    return Shape(parts, pattern, bare)

"""Whether two messages ask the same: by what they are about, and by the orders and goods that they name. Pure.

What a message is about is the classifier's opinion over all tags, not only those that are sure enough to be shown:
two wordings of one question lean the same way even where neither is certain.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifiers import Classification
from helpdesk.commerce.orders import mentioned_numbers
from helpdesk.store.search.tokens import fold

SAME = 0.5  # cosine of two opinions; measured on pairs of questions, see docs/linking.md
SAME_ORDER = 0.4  # where both name one order
SURE = 0.25  # an opinion whose best tag is weaker says nothing: a greeting, a mere number
SAYS_NOTHING = frozenset({"no_reply_needed", "spam", "human_agent", "newsletter"})
TELEPHONE = re.compile(r"0\d{9,10}")
YEAR = re.compile(r"(?:19|20)\d\d")
NAME = re.compile(r"[ァ-ヺー]{2,}|[一-鿿々][一-鿿々ぁ-ゖ]+|[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Question:
    """`opinion` by tag; `numbers` look like orders; `goods` are words of the names of what the shop sells."""

    opinion: Mapping[str, float]
    numbers: frozenset[str] = frozenset()
    goods: frozenset[str] = frozenset()


def read(text: str, classification: Classification, goods: Iterable[str] = ()) -> Question:
    words = fold(text)
    return Question(
        opinion={tag: score for tag, score in classification.ranked if tag not in SAYS_NOTHING},
        numbers=frozenset(filter(_is_order, mentioned_numbers(text))),
        goods=frozenset(one for one in goods if one in words),
    )


def decide(one: Question, other: Question) -> str:
    """What makes them the same: `order`, `goods` or `topic`; empty when they are not, or nobody can say."""
    if _differ(one.numbers, other.numbers) or _differ(one.goods, other.goods):
        return ""
    near = likeness(one.opinion, other.opinion)
    if one.numbers & other.numbers:
        return "order" if near >= SAME_ORDER else ""
    if near < SAME:
        return ""
    return "goods" if one.goods & other.goods else "topic"


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """0 to 1; 0 where one of the two has no opinion worth the name."""
    if min(max(some.values(), default=0.0) for some in (one, other)) < SURE:
        return 0.0
    both = sum(score * other.get(tag, 0.0) for tag, score in one.items())
    return both / math.sqrt(sum(x * x for x in one.values()) * sum(x * x for x in other.values()))


def words_of_goods(names: Iterable[str]) -> frozenset[str]:
    """By which customers would call them, as a text is folded."""
    return frozenset(fold(word) for name in names for word in NAME.findall(name.lower()))


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Both name some, and none in common."""
    return bool(one and other) and not one & other


def _is_order(number: str) -> bool:
    """Neither a telephone number in a signature nor a year."""
    return not TELEPHONE.fullmatch(number) and not YEAR.fullmatch(number)

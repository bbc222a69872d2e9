"""Who tells of harm stands above everybody who does not, however they say it and whatever else weighs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import classifiers
from classifiers import Reason
from helpdesk.commerce.orders import OrderCard
from helpdesk.models import Order
from helpdesk.triage import rank, weights
from helpdesk.triage.weights import Weights
from helpdesk.triage.words import tells_of_harm
from tests.classifiers.labelled_risks import LANGUAGES, figures, read

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
HARM, NO_HARM = (
    [row.text for lang in LANGUAGES for row in read(lang) if ("safety" in row.risks) is harm]
    for harm in (True, False)
)
BEFORE = ("", "お世話になっております。田中と申します。\n", "Hi there,\n\n", "Order 10442\n", "至急！\n")
AFTER = (
    "",
    "\n\nよろしくお願いいたします。\n田中",
    "\n\nKind regards,\nAda Moore\nSent from my phone",
    "！！！",
    " 😢",
)
WEIGHTS = st.builds(
    Weights,
    **{name: st.integers(0, weights.MOST.get(name, weights.MOST_POINTS)) for name in weights.NAMES},
)


@cache
def read_words(text: str) -> tuple[tuple[Reason, ...], frozenset[str]]:
    found = _model().classify(text)
    return found.urgency.reasons, frozenset(tag.tag for tag in found.tags)


@cache
def _model() -> classifiers.Model:
    return classifiers.builtin()


def points(text: str, given: Weights, *, hours: float = 0, vip: bool = False, total: int = 0) -> int:
    reasons, tags = read_words(text)
    order = Order(
        number="1", total=total, placed_at=NOW, brand_id=1, customer_id=1, ship_by=NOW + timedelta(hours=2)
    )
    facts = rank.decide(
        tags=tags,
        card=OrderCard(order, (), (), "late_to_ship"),
        vip=vip,
        waiting_since=NOW - timedelta(hours=hours),
        now=NOW,
        zone="Asia/Tokyo",
        weights=given,
    )
    words = [{"code": reason.code, "points": reason.points} for reason in reasons]
    return rank.score(rank.weigh(words, facts, tags=tags, weights=given))


def told(text: str) -> bool:
    reasons, tags = read_words(text)
    return tells_of_harm([reason.code for reason in reasons], tags)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_harm_is_told_from_what_only_sounds_like_it(lang: str) -> None:
    found = figures(("safety" in row.risks, told(row.text)) for row in read(lang))
    assert found.recall >= 0.95, found
    assert found.precision >= 0.85, found


@settings(deadline=None)  # the first one loads the model
@given(
    hurt=st.sampled_from(HARM), before=st.sampled_from(BEFORE), after=st.sampled_from(AFTER),
    other=st.sampled_from(NO_HARM), given=WEIGHTS, hours=st.floats(0, 2000), vip=st.booleans(),
    total=st.integers(0, 9_000_000),
)  # fmt: skip
def test_who_tells_of_harm_stands_on_top(
    hurt: str, before: str, after: str, other: str, given: Weights, hours: float, vip: bool, total: int
) -> None:
    wrapped = before + hurt + after
    if not told(hurt) or told(other):
        return  # misses are counted above
    assert told(wrapped), wrapped
    assert points(wrapped, given) >= rank.SAFETY_FROM
    assert points(other, given, hours=hours, vip=vip, total=total) < rank.SAFETY_FROM


@given(
    words=st.lists(st.sampled_from(["cue:health", "cue:legal", "cue:exposure", "text:grade", "intent:return"])),
    tags=st.sets(st.sampled_from(["product_question", "order_status", "size_fit"])),
)  # fmt: skip
def test_to_speak_of_health_is_not_to_tell_of_harm(words: list[str], tags: set[str]) -> None:
    assert not tells_of_harm(words, tags)
    assert tells_of_harm([*words, "cue:health"], {*tags, "damaged_item"})

"""Weights: the usual ones, a brand's own, and what they may never undo."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.commerce.orders import OrderCard
from helpdesk.errors import Invalid
from helpdesk.models import Brand, Order
from helpdesk.store.db import Database
from helpdesk.triage import rank, weights
from helpdesk.triage.weights import Weights
from tests.helpdesk.stories import only

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
CODES = (
    *("intent:refund", "text:grade", "sentiment:angry", "sentiment:negative", "cue:legal", "cue:calm"),
    *("cue:safety", "safety_told"),
)
WORDS = st.lists(
    st.builds(
        lambda code, points: {"code": code, "points": points}, st.sampled_from(CODES), st.integers(-12, 60)
    ),
    max_size=7,
)
TAGS = st.sets(
    st.sampled_from(
        [
            "cancel_order",
            "order_status",
            "refund",
            "damaged_item",
            "product_question",
            "spam",
            "no_reply_needed",
        ]
    )
)
WEIGHTS = st.builds(
    Weights,
    **{name: st.integers(0, weights.MOST.get(name, weights.MOST_POINTS)) for name in weights.NAMES},
)
STATES = st.sampled_from(["placed", "not_shipped", "late_to_ship", "in_transit", "late", "delivered"])


def card(state: str, total: int = 30_000, due: int | None = 0, cutoff: int = 3) -> OrderCard:
    order = Order(
        number="1",
        total=total,
        placed_at=NOW,
        brand_id=1,
        customer_id=1,
        ship_by=NOW + timedelta(hours=cutoff),
        promised_on=None if due is None else (NOW + timedelta(days=due)).date(),
    )
    return OrderCard(order, (), (), state)


def points(
    words: list[dict[str, object]],
    tags: set[str],
    given: Weights,
    *,
    hours: float = 0,
    vip: bool = False,
    order: OrderCard | None = None,
) -> int:
    facts = rank.decide(
        tags=tags, card=order, vip=vip, waiting_since=NOW - timedelta(hours=hours), now=NOW, zone="Asia/Tokyo",
        weights=given,
    )  # fmt: skip
    reasons = rank.weigh(words, facts, tags=tags, weights=given)
    assert all(reason.points for reason in reasons)
    assert 0 <= rank.score(reasons) <= 100
    return rank.score(reasons)


def test_where_everything_is_urgent_tickets_still_differ() -> None:
    words: list[dict[str, object]] = [
        {"code": "text:grade", "points": 60},
        {"code": "cue:legal", "points": 40},
    ]
    plain, vip, both = (
        points(words, set(), Weights(), vip=vip, order=order)
        for vip, order in ((False, None), (True, None), (True, card("late")))
    )
    assert 75 < plain < vip < both <= rank.SAFETY_FROM - 1


@given(
    words=WORDS, tags=TAGS, given=WEIGHTS, state=STATES, hours=st.floats(0, 900), more=st.floats(0, 200),
    vip=st.booleans(),
)  # fmt: skip
def test_waiting_and_vip_never_lower_whatever_the_weights(
    words: list[dict[str, object]],
    tags: set[str],
    given: Weights,
    state: str,
    hours: float,
    more: float,
    vip: bool,
) -> None:
    order = card(state)
    now = points(words, tags, given, hours=hours, vip=vip, order=order)
    assert now <= points(words, tags, given, hours=hours + more, vip=vip, order=order)
    assert now <= points(words, tags, given, hours=hours, vip=True, order=order)


@given(words=WORDS, tags=TAGS, given=WEIGHTS, state=STATES, vip=st.booleans())
def test_who_tells_of_harm_stands_above_everybody_else_whatever_the_weights(
    words: list[dict[str, object]], tags: set[str], given: Weights, state: str, vip: bool
) -> None:
    harm = [{"code": "cue:safety", "points": 28}, {"code": "sentiment:negative", "points": 5}]
    others = [one for one in words if one["code"] not in ("cue:safety", "safety_told")]
    hurt = points(harm, {"damaged_item"}, given)
    loudest = points(others, tags, given, hours=900, vip=vip, order=card(state, total=900_000))
    assert loudest < rank.SAFETY_FROM <= hurt
    assert loudest <= rank.FIXED["urgent"] < hurt


def test_among_those_who_tell_of_harm_the_order_stays() -> None:
    harm = [{"code": "cue:safety", "points": 28}, {"code": "sentiment:angry", "points": 16}]
    worse = [*harm, {"code": "text:grade", "points": 33}, {"code": "cue:legal", "points": 18}]
    assert points(harm, set(), weights.USUAL) < points(worse, set(), weights.USUAL) <= 100


@pytest.mark.parametrize(
    ("codes", "tags", "harm"),
    [
        (["cue:safety"], {"product_question"}, False),
        (["cue:safety"], set(), False),
        (["cue:safety"], {"damaged_item"}, True),
        (["cue:safety", "sentiment:threat"], set(), True),
        (["cue:safety", "sentiment:angry"], {"spam"}, False),
        (["sentiment:angry"], {"damaged_item"}, False),
    ],
)
def test_a_calm_question_about_allergens_is_no_harm(codes: list[str], tags: set[str], harm: bool) -> None:
    words = [{"code": code, "points": 20} for code in codes]
    assert (points(words, tags, weights.USUAL) >= rank.SAFETY_FROM) is harm


def test_a_day_that_was_promised_weighs_until_the_parcel_is_there() -> None:
    def promised(state: str, due: int | None) -> bool:
        decided = rank.decide(
            tags=["order_status"],
            card=card(state, due=due),
            vip=False,
            waiting_since=None,
            now=NOW,
            zone="UTC",
        )
        return "promised" in {reason.code for reason in decided}

    assert promised("in_transit", 0)
    assert promised("not_shipped", 1)
    assert not promised("in_transit", 2)
    assert not promised("delivered", 0)
    assert not promised("in_transit", None)


def test_mood_can_be_turned_off_but_safety_cannot() -> None:
    words = [{"code": "cue:legal", "points": 18}, {"code": "cue:safety", "points": 28}]
    assert points(words, {"product_question"}, Weights(mood=0)) == 28
    assert points(words, {"product_question"}, Weights(mood=50)) == 37
    assert points([{"code": "intent:refund", "points": 14}], {"refund"}, Weights(intent=50)) == 7


def test_a_brand_keeps_only_what_differs(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        row = unit.session.get_one(Brand, brand.pk)
        assert weights.change(unit, row, {**asdict(weights.USUAL), "vip": 20}) == {"vip": [8, 20]}
        assert [one.name for one in unit.happened] == ["urgency_weighed"]
        assert weights.change(unit, row, {**asdict(weights.USUAL), "vip": 20}) == {}
        assert len(unit.happened) == 1
    assert only(database, Brand).urgency_weights == {"vip": 20}
    assert weights.of_brand(only(database, Brand).urgency_weights) == Weights(vip=20)


@pytest.mark.parametrize("wrong", [{"vip": -1}, {"vip": 41}, {"intent": 201}, {"safety": 0}, {"late_day": 6}])
def test_weights_out_of_reach_are_refused_and_do_not_count(wrong: dict[str, int]) -> None:
    with pytest.raises(Invalid) as told:
        weights.plan(wrong)
    assert told.value.field in wrong
    assert weights.of_brand(wrong) == weights.USUAL


@given(target=st.integers(1, 336), hours=st.floats(0, 900), more=st.floats(0, 200), weight=st.integers(0, 40))
def test_the_reply_target_weighs_more_the_nearer_it_is(
    target: int, hours: float, more: float, weight: int
) -> None:
    given = Weights(waiting=0, due=weight, reply_hours=target)

    def due(waited: float) -> int:
        return points([], {"refund"}, given, hours=waited)

    assert 0 <= due(hours) <= due(hours + more) <= weight
    assert due(target) == due(target * 3) == weight
    assert due(target / 2) in (weight // 4, weight // 4 + 1)


def test_without_a_reply_target_only_waiting_weighs() -> None:
    none, usual = Weights(reply_hours=0), weights.USUAL
    assert points([], {"refund"}, none, hours=500) == usual.waiting
    assert points([], {"refund"}, usual, hours=500) == usual.waiting + usual.due
    assert points([], {"spam"}, usual, hours=500) == 0

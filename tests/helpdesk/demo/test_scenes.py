"""What is told word for word happens to customers whom it fits, once, and in both languages."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from classifiers import TAG_IDS
from helpdesk.customers.private_numbers import hide
from helpdesk.demo import scenes, shop
from helpdesk.demo.dice import dice
from helpdesk.demo.orders import plan_orders
from helpdesk.demo.people import make_people

NOW = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
PEOPLE = make_people(dice("people"), 300)
ORDERS = plan_orders(dice("orders"), PEOPLE, 1500, NOW)
TURNS = list(scenes.plan(PEOPLE, ORDERS, NOW))
FIRST = [turn for turn in TURNS if turn.number == 0]
BY_NUMBER = {order.number: order for order in ORDERS}


def words(turn: scenes.Turn) -> str:
    return str(turn.given.get("them", "")).format_map(turn.scene.facts)


def test_each_happens_to_somebody_else() -> None:
    assert len({turn.scene.who.email for turn in FIRST}) == len(FIRST) >= 30
    assert all(turn.scene.who.language == turn.scene.given["language"] for turn in FIRST)
    assert max(turn.at for turn in TURNS) <= NOW


def test_turns_of_a_scene_follow_each_other() -> None:
    for first in FIRST:
        told = [turn.at for turn in TURNS if turn.scene is first.scene]
        assert told == sorted(told)


def test_nobody_writes_about_an_order_before_its_time() -> None:
    about = [turn for turn in FIRST if "number" in turn.scene.facts]
    assert Counter(turn.scene.who.language for turn in about) == {"ja": 3, "en": 3}
    for turn in about:
        order = BY_NUMBER[turn.scene.facts["number"]]
        since = order.delivered_at or order.ended_at
        assert order.who == turn.scene.who
        assert since < turn.at if since else order.promised_on < turn.at.date()


def test_words_about_goods_name_what_the_customer_bought() -> None:
    for turn in FIRST:
        if wanted := turn.scene.given.get("goods"):
            sold = BY_NUMBER[turn.scene.facts["number"]].items
            names = {one.name(turn.scene.who.language) for one, _ in sold if one.sku in wanted}
            assert turn.scene.facts["goods"] in names
            assert turn.scene.facts["goods"] in words(turn)


def test_without_orders_only_those_who_ask_for_none_write() -> None:
    left = [turn for turn in scenes.plan(PEOPLE, [], NOW) if turn.number == 0]
    assert len(left) == len(FIRST) - 6
    assert not any("order" in turn.scene.given for turn in left)
    assert list(scenes.plan([], [], NOW)) == []


def test_many_ask_for_one_new_thing_in_words_of_their_own() -> None:
    asked = {"ja": "工房", "en": "workshop"}
    told = [turn for turn in FIRST if asked[turn.scene.who.language] in words(turn)]
    assert Counter(turn.scene.who.language for turn in told) == {"ja": 9, "en": 6}
    assert len({words(turn) for turn in told}) == len(told)
    assert all(NOW - turn.at < timedelta(weeks=6) for turn in told)


def test_right_tags_of_a_scene_are_such_as_the_classifier_knows() -> None:
    named = {name for turn in FIRST for name in turn.scene.given.get("about", ())}
    assert named and named <= set(TAG_IDS)


def test_card_numbers_are_such_as_issuers_keep_for_tests_and_are_hidden() -> None:
    cards = [words(turn) for turn in FIRST if "4242" in words(turn)]
    assert len(cards) == 2
    assert all(hide(one).count("4242") == 1 and "•" in hide(one) for one in cards)


def test_what_we_answer_is_in_the_language_of_those_who_answer() -> None:
    answered = [turn for turn in TURNS if "us" in turn.given]
    assert len(answered) >= 12
    for turn in answered:
        ascii_only = turn.given["us"].isascii()
        assert ascii_only == (turn.scene.who.language == "en")
    assert {one.answers for one in shop.AGENTS} == {"ja", "en"}

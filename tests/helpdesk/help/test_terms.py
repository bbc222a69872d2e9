"""What a customer's words ask for, and what an article is found by."""

from __future__ import annotations

import pytest

from helpdesk.help import terms


@pytest.mark.parametrize("several", [("shipping", "shipped", "ships", "ship"), ("delivery", "deliveries")])
def test_english_words_meet_without_their_endings(several: tuple[str, ...]) -> None:
    assert len({terms.stem(one) for one in several}) == 1


@pytest.mark.parametrize("word", ["address", "is", "bus", "this", "red", "sing"])
def test_what_only_looks_like_an_ending_stays(word: str) -> None:
    assert terms.stem(word) == word


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("まだ来ないのですが", ["late"]),
        ("ｷｬﾝｾﾙしたい", ["cancel"]),
        ("りょうしゅうしょをください", ["receipt"]),
        ("My parcel hasn’t arrived", ["late"]),
        ("I’d like my money back", ["refund"]),
        ("認証メールが届かない", ["mail"]),  # no parcel
        ("配送料", ["postage"]),  # and not the delivery in it
        ("preposterous", []),
    ],
)
def test_several_ways_to_say_it_are_one_concept(words: str, meant: list[str]) -> None:
    assert terms.concepts(words) == meant


def test_what_is_being_typed_means_what_it_begins() -> None:
    assert "#refund" in terms.of_query("I want a refu")
    assert "#refund" not in terms.of_query("I want a refu today")
    assert "#return" in terms.of_query("へんぴ")


def test_words_without_a_meaning_of_their_own_ask_for_nothing() -> None:
    assert terms.of_query("Hello, could you please help me?") == {}
    assert terms.of_query("") == terms.of_query("!?…") == {}


def test_what_names_an_article_weighs_more_than_what_it_mentions() -> None:
    named = terms.of_article("返品のしかた", "", "", "<p>箱に入れてください。</p>")
    mentioned = terms.of_article("お手入れ", "", "", "水で洗ってください。返品はできません。")
    assert named["返品"] > 1.3 * mentioned["返品"]
    assert named["=return"] == 1.0
    assert "=return" not in mentioned
    assert "#return" in mentioned


def test_a_very_long_question_is_read_within_bounds() -> None:
    assert len(terms.of_query("届かない荷物を調べてください。" * 500)) <= terms.MOST_TERMS

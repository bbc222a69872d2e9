"""Which words of the customer counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import classifiers
from classifiers.explain import find_cue_spans
from helpdesk.triage import goods, why
from helpdesk.triage.goods import Item
from helpdesk.triage.why import Heard, Why

AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
MODEL = classifiers.builtin()


def heard(text: str, subject: str = "", key: str = "one") -> Heard:
    return Heard(key, AT, subject, text)


def marked(found: Why | None, sign: int = 1) -> str:
    assert found is not None
    return " ".join(bit.text for bit in found.bits if bit.sign == sign)


@pytest.mark.parametrize(
    ("tag", "text", "word"),
    [
        ("refund", "先週届いた急須が気に入りません。返金してください。", "返金"),
        ("refund", "Please give me my money back, I want a refund.", "refund"),
        ("account_login", "パスワードを忘れてログインできません", "ログイン"),
    ],
)
def test_the_telling_words_are_marked(tag: str, text: str, word: str) -> None:
    found = why.of_tag(MODEL, [tag], [heard(text)])
    assert word in marked(found)
    assert found is not None and any(word in one for one in found.words)
    assert "".join(bit.text for bit in found.bits) == text
    assert found.score is not None and found.least is not None and 0 < found.least < 1


def test_words_are_shown_whole() -> None:
    found = why.of_mood(MODEL, "threat", ("legal",), [heard("返答がなければ消費生活センターに相談します")])
    assert found is not None
    assert any("消費生活センター" in one for one in found.words)


def test_the_message_that_the_tag_came_from_is_shown() -> None:
    thanks, asked = heard("ありがとうございます", key="new"), heard("返金してください", key="old")
    found = why.of_tag(MODEL, ["refund"], [thanks, asked])
    assert found is not None and found.heard.key == "old"


def test_a_subject_speaks_too() -> None:
    found = why.of_tag(MODEL, ["refund"], [heard("お願いします。", subject="Re: 返金のお願い")])
    assert found is not None
    assert found.bits[0].text.startswith("返金") and found.bits[0].sign == 1


def test_a_tag_that_no_model_knows_has_no_words() -> None:
    assert why.of_tag(MODEL, ["our_own"], [heard("返金")]) is None
    assert why.of_tag(MODEL, ["refund"], []) is None


@pytest.mark.parametrize(("mix", "often"), [(0.6, 1), (0.1, 0), (0.0, 0), (-0.6, -1)])
def test_what_the_shop_is_asked_often_is_said(mix: float, often: int) -> None:
    meta = {**MODEL.artifact.meta, "mix": [mix if tag == "refund" else 0.0 for tag in MODEL.tags]}
    model = classifiers.Model(replace(MODEL.artifact, meta=meta))
    found = why.of_tag(model, ["refund"], [heard("I want a refund.")])
    assert found is not None and found.often == often


def test_a_merged_tag_is_explained_by_its_old_name() -> None:
    assert "返金" in marked(why.of_tag(MODEL, ["money", "refund"], [heard("返金してください")]))


def test_goods_are_explained_by_their_names() -> None:
    shelf = goods.learn(
        [Item("X1", ("檜の風呂椅子", "Hinoki stool"), "bath"), Item("X2", ("鉄急須",), "tea")]
    )
    assert marked(why.of_goods(shelf, "bath", [heard("先日の風呂椅子ですが")])) == "風呂椅子"
    assert why.of_goods(shelf, "bath", [heard("急須")]) is None


def test_anger_without_any_phrase_is_explained_by_the_model() -> None:
    text = "This is absolutely ridiculous, nobody ever answers, you people are useless!!"
    found = why.of_mood(MODEL, MODEL.classify(text).sentiment, (), [heard("thanks"), heard(text, key="two")])
    assert found is not None and found.heard.key == "two" and found.words


def test_harm_without_any_phrase_is_explained_by_the_model() -> None:
    text = "Two capsules in and my heart was pounding so hard that my son drove me to the surgery."
    assert not find_cue_spans(text)
    found = why.of_mood(MODEL, "", ("safety", "health"), [heard("thanks"), heard(text, key="two")])
    assert found is not None and found.heard.key == "two" and found.words
    assert why.of_mood(MODEL, "", ("safety", "health"), [heard("thanks")]) is None


def test_of_a_long_message_what_stands_around_is_shown() -> None:
    text = "前置きです。" * 200 + "返金してください。" + "署名です。" * 200
    found = why.of_tag(MODEL, ["refund"], [heard(text)])
    assert found is not None
    shown = "".join(bit.text for bit in found.bits)
    assert "返金してください" in shown and "…" in shown and len(shown) < 900


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_can_be_explained(text: str, subject: str) -> None:
    said = [heard(f"{text}返金", subject)]
    for found in (why.of_tag(MODEL, ["refund"], said), why.of_mood(MODEL, "angry", ("legal",), said)):
        if found and len(said[0].whole) <= why.WHOLE:
            assert "".join(bit.text for bit in found.bits) == said[0].whole

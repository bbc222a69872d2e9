from __future__ import annotations

import pytest

from classifiers.cues import find_cues
from classifiers.lexicon import LEXICONS
from classifiers.text import prepare


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I will speak to my LAWYER.", "legal"),
        ("消費生活センターに相談します", "legal"),
        ("my skin has a rash", "safety"),
        ("充電中に発火しました", "safety"),
        ("You charged me twice", "fraud"),
        ("身に覚えのない請求です", "fraud"),
        ("reply ASAP", "urgent"),
        ("至急お願いします", "urgent"),
        ("I need it by Friday", "deadline"),
        ("金曜日までに欲しい", "deadline"),
        ("3月5日(木)までに届きますか", "deadline"),
        ("it is for a wedding", "occasion"),
        ("母の日の贈り物です", "occasion"),
        ("still waiting for an answer", "repeated"),
        ("３回目の問い合わせです", "repeated"),
        ("this is unacceptable", "anger"),
        ("いい加減にしてください", "anger"),
        ("no rush at all", "calm"),
        ("急ぎませんので", "calm"),
    ],
)
def test_the_cue_is_found(text: str, kind: str) -> None:
    assert kind in find_cues(prepare(text))


@pytest.mark.parametrize("text", ["", "courteous staff", "I love the glassware", "こんにちは", "on 5 shirts"])
def test_plain_text_has_no_strong_cue(text: str) -> None:
    assert not {"legal", "safety", "fraud", "anger"} & set(find_cues(prepare(text)))


def test_no_hurry_is_not_urgent() -> None:
    assert "urgent" not in find_cues(prepare("not urgent, no hurry"))


def test_every_phrase_is_written_as_prepared_text_is() -> None:
    for _, phrases in LEXICONS:
        for phrase in phrases:
            assert prepare(phrase) == phrase

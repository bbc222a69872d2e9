from __future__ import annotations

import pytest

from classifiers.cues import find_all
from classifiers.lexicon import LEXICONS
from classifiers.text import prepare


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I will speak to my LAWYER.", "legal"),
        ("しかるべきところに訴え出ます", "legal"),
        ("消費生活センターに相談します", "consumer"),
        ("This is going to Trading Standards", "consumer"),
        ("カード会社に支払いを止めてもらいます", "chargeback"),
        ("I have disputed the charge", "chargeback"),
        ("このやり取りをＳＮＳで公開します", "exposure"),
        ("enjoy your one star review, I'll leave one star reviews everywhere", "exposure"),
        ("my skin has a rash", "safety"),
        ("子どもが部品を飲み込みました", "safety"),
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
    assert kind in find_all(prepare(text))[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "courteous staff",
        "I love the glassware",
        "こんにちは",
        "on 5 shirts",
        "the rug in smoke grey",
        "does it contain allergens such as sesame?",
        "Our legal name is Burns & Sharpe LLP",
        "a killer deal for the tennis court",
        "弁護士法人あおぞら宛ての領収書をください",
        "炎上するくらい話題ですね",
        "誤飲防止の大きさですか",
        "なんやけど、いつになりますか",
        "返金はカード会社を通しますか",
        "SNSで見たワンピースはまだありますか",
    ],
)
def test_plain_text_has_no_strong_cue(text: str) -> None:
    found = {"legal", "consumer", "chargeback", "exposure", "safety", "fraud", "anger"}
    assert not found & set(find_all(prepare(text))[0])


@pytest.mark.parametrize(
    ("text", "kind"),
    [("I'm a lawyer", "legal"), ("警察署への納品", "legal"), ("乳アレルギーですが", "safety")],
)
def test_a_word_that_only_hints_is_kept_apart(text: str, kind: str) -> None:
    cues, hints = find_all(prepare(text))
    assert kind not in cues
    assert kind in hints


def test_no_hurry_is_not_urgent() -> None:
    assert "urgent" not in find_all(prepare("not urgent, no hurry"))[0]


def test_every_phrase_is_written_as_prepared_text_is() -> None:
    for _, phrases in LEXICONS:
        for phrase in phrases:
            assert prepare(phrase) == phrase

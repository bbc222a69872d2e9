from __future__ import annotations

import pytest

import classifiers
from classifiers.explain import explain_harm, explain_sentiment, find_cue_spans


def words(model: classifiers.Model, tag: str, text: str, subject: str = "") -> list[str]:
    return [text[span.start : span.end] for span in model.explain(tag, text, subject) if span.weight > 0]


def test_the_word_that_decided_is_named(model: classifiers.Model) -> None:
    assert words(model, "refund", "Hello, please Refund me")[0] == "Refund"


def test_japanese_is_named_in_readable_pieces(model: classifiers.Model) -> None:
    assert any("返金" in word for word in words(model, "refund", "先週のお店の件、返金をお願いします"))


def test_spans_point_into_the_text_as_written(model: classifiers.Model) -> None:
    text = "ﾊﾟｽﾜｰﾄﾞ①を忘れた　PASSWORD https://example.com/a 12345"
    spans = model.explain("account_login", text)
    assert spans
    named = [text[span.start : span.end] for span in spans]
    assert any(word in ("PASSWORD", "ﾊﾟｽﾜｰﾄﾞ") or "忘れ" in word for word in named)


def test_spans_of_the_subject_are_left_out(model: classifiers.Model) -> None:
    text = "please help"
    for span in model.explain("refund", text, "refund refund"):
        assert 0 <= span.start < span.end <= len(text)


def test_weights_of_a_whole_text_add_up_to_the_margin(model: classifiers.Model) -> None:
    text = "refund"
    column = model.tags.index("refund")
    margin = float(model.margins(text)[column] - model.artifact.bias[column])
    assert abs(sum(span.weight for span in model.explain("refund", text)) - margin) < 1e-3


def test_an_unknown_tag_explains_nothing(model: classifiers.Model) -> None:
    assert model.explain("no_such_tag", "refund") == ()


def test_a_sentiment_is_explained_by_its_own_words(model: classifiers.Model) -> None:
    text = "This is absolutely ridiculous, you people are useless"
    spans = explain_sentiment(model, "angry", text)
    assert any(text[one.start : one.end] in ("ridiculous", "useless") for one in spans if one.weight > 0)
    assert explain_sentiment(model, "no_such_mood", text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("The stool gave way and my grandfather fell", ("fell", "gave way")), ("吐き気がします", ("吐",))],
)
def test_harm_is_explained_by_its_own_words(text: str, words: tuple[str, ...]) -> None:
    spans = explain_harm(classifiers.builtin(), text)
    told = " ".join(text[one.start : one.end] for one in spans if one.weight > 0)
    assert any(word in told for word in words), told


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("返答がなければ弁護士に相談して訴えます", "legal", "弁護士"),
        ("Answer me or I will\ntake you to court!", "legal", "court"),
        ("至急お願いします", "urgent", "至急"),
    ],
)
def test_words_of_a_cue_are_found_in_the_text_as_it_is(text: str, kind: str, words: str) -> None:
    found = find_cue_spans(text)
    assert kind in found
    assert words in text[found[kind].start : found[kind].end]

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import classifiers
from classifiers.model import Message
from classifiers.rows import Row
from classifiers.text import prepare
from classifiers.training import head_regression, vectorizer

ODD = [
    "",
    " \n",
    "\x00\x01\x1b[31m",
    "\ud800 lone \udfff",
    "0" * 1_000_000,
    "あ" * 1_000_000,
    "x" * 1_000_000,
    "ｶﾞｷﾞ㍿①",
    "🙏" * 500,
    "\u0301" * 50,
    "@" * 3000,
    "www." * 2000,
]


def test_scores_equal_those_of_scikit_learn(model: classifiers.Model, rows: list[Row]) -> None:
    vectors = vectorizer()
    texts = [prepare(row.text, row.subject) for row in rows]
    x = vectors.fit_transform(texts)
    lean = np.array([model.margins(text) for text in texts[:150]])
    for head, tag in enumerate(model.tags[:6]):
        labels = [tag in row.tags for row in rows]
        judge = head_regression().fit(x, labels, sample_weight=[row.weight for row in rows])
        expected = judge.predict_proba(x[:150])[:, 1]
        np.testing.assert_allclose(1 / (1 + np.exp(-lean[:, head])), expected, atol=1e-6)


def test_vectors_equal_those_of_scikit_learn_on_unseen_text(
    model: classifiers.Model, rows: list[Row]
) -> None:
    vectors = vectorizer().fit([prepare(row.text, row.subject) for row in rows])
    text = prepare("Hello! 注文 A-1234 は今どこですか？？ it's late, late. ありがとう", "Re: 荷物")
    at, values = model.vector(text)
    dense = np.zeros(model.artifact.idf.size)
    dense[at] = values
    np.testing.assert_allclose(dense, vectors.transform([text]).toarray()[0], atol=1e-12)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_gets_a_whole_answer(model: classifiers.Model, text: str) -> None:
    assert_whole(model, model.classify(text, text))
    model.explain("refund", text, text)


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(), max_size=300), subject=st.text(st.characters(), max_size=40))
def test_any_text_gets_a_whole_answer(model: classifiers.Model, text: str, subject: str) -> None:
    assert_whole(model, model.classify(text, subject))
    for span in model.explain("refund", text, subject):
        assert 0 <= span.start < span.end <= len(text)


def test_ranked_holds_every_tag_once_best_first(model: classifiers.Model) -> None:
    ranked = model.classify("I want my money back").ranked
    assert sorted(tag for tag, _ in ranked) == sorted(classifiers.TAG_IDS)
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)


def test_shown_tags_are_those_above_their_threshold(model: classifiers.Model, rows: list[Row]) -> None:
    thresholds = model.artifact.meta["thresholds"]
    for row in rows[:100]:
        answer = model.classify(row.text, row.subject)
        shown = [tag for tag in answer.ranked if round(tag.score, 3) > round(thresholds[tag.tag], 3)]
        assert set(shown) <= set(answer.tags)
        assert all(tag.score >= thresholds[tag.tag] - 1e-4 for tag in answer.tags)


def test_many_at_once_are_answered_as_one_by_one(model: classifiers.Model, rows: list[Row]) -> None:
    messages = [Message(row.text, row.subject, row.lang) for row in rows[:200]]
    messages[3:3] = [Message(""), Message("..."), Message("\ud800"), Message("返金 " * 3000, "refund")]
    assert model.classify_all(messages) == [model.classify(*message) for message in messages]
    assert model.classify_all([]) == []


def test_a_term_stands_together_in_memory(model: classifiers.Model, stored: Path) -> None:
    assert model.artifact.weights.flags["C_CONTIGUOUS"]
    assert classifiers.load(stored).artifact.weights.flags["C_CONTIGUOUS"]


def test_the_language_given_is_kept(model: classifiers.Model) -> None:
    assert model.classify("返品したい", lang="en-GB").lang == "en"
    assert model.classify("返品したい", lang="fr").lang == "ja"


def test_a_law_word_is_a_threat(model: classifiers.Model) -> None:
    assert model.classify("返金されないなら弁護士に相談します").sentiment == "threat"


def test_many_threads_get_the_same_answers(model: classifiers.Model, rows: list[Row]) -> None:
    texts = [row.text for row in rows[:200]]
    alone = [model.classify(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(model.classify, texts)) == alone


def test_serving_loads_no_scikit_learn() -> None:
    asked = "import classifiers, sys; print(any(m in sys.modules for m in ('sklearn', 'scipy')))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def assert_whole(model: classifiers.Model, answer: classifiers.Classification) -> None:
    assert len(answer.ranked) == len(model.tags)
    assert all(0 <= score <= 1 for _, score in answer.ranked)
    assert answer.sentiment in classifiers.SENTIMENTS
    assert 0 <= answer.urgency.score <= 100
    assert sum(points for _, points in answer.urgency.reasons) == answer.urgency.score

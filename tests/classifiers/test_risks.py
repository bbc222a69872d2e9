"""How well risks are told from what only looks like them, on messages that are not in the corpus."""

from __future__ import annotations

import pytest

import classifiers
from classifiers.cues import find_all
from classifiers.model import Model
from classifiers.risks import SAFETY, THREATS
from classifiers.risks_en import ENGLISH
from classifiers.risks_ja import JAPANESE
from classifiers.text import prepare
from tests.classifiers.labelled_risks import BLIND, LANGUAGES, UNHAPPY, figures, read


@pytest.fixture(scope="module")
def model() -> Model:
    return classifiers.builtin()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_announced_steps_are_told_by_kind(model: Model, lang: str) -> None:
    rows = [(row, codes(model, row.text)) for row in read(lang)]
    for kind in THREATS:
        found = figures((kind in row.risks, f"cue:{kind}" in said) for row, said in rows)
        assert found.recall >= 0.7, (kind, found)
        assert found.precision >= 0.85, (kind, found)
    threats = figures(
        (bool(row.risks & set(THREATS)), any(f"cue:{kind}" in said for kind in THREATS)) for row, said in rows
    )
    assert threats.precision >= 0.93, threats
    assert threats.recall >= 0.85, threats


@pytest.mark.parametrize("lang", LANGUAGES)
def test_harm_is_never_missed_by_the_words(lang: str) -> None:
    for row in read(lang):
        cues, hints = find_all(prepare(row.text))
        assert SAFETY not in row.risks or SAFETY in {**cues, **hints}, row.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", BLIND)
def test_harm_is_mostly_heard_in_words_that_nobody_listed(model: Model, lang: str, part: str) -> None:
    found = figures((SAFETY in row.risks, "cue:safety" in codes(model, row.text)) for row in read(lang, part))
    assert found.recall >= 0.6, found
    assert found.precision >= 0.75, found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_mood_is_mostly_right_and_threats_nearly_always(model: Model, lang: str) -> None:
    rows = [(row.sentiment, model.classify(row.text).sentiment) for row in read(lang)]
    assert sum(wanted == found for wanted, found in rows) / len(rows) >= 0.83
    threats = figures((wanted == "threat", found == "threat") for wanted, found in rows)
    assert threats.precision >= 0.9, threats
    assert threats.recall >= 0.8, threats
    unhappy = figures((wanted in UNHAPPY, found in UNHAPPY) for wanted, found in rows)
    assert min(unhappy.precision, unhappy.recall) >= 0.88, unhappy


@pytest.mark.parametrize("lang", LANGUAGES)
def test_looking_for_stems_first_loses_nothing(lang: str) -> None:
    for row in read(lang):
        prepared = prepare(row.text)
        cues, hints = find_all(prepared)
        for risk in (*ENGLISH, *JAPANESE):
            if risk.sure.search(prepared):
                assert risk.kind in cues, (risk.kind, row.text)
            elif risk.hints.search(prepared):
                assert risk.kind in {**cues, **hints}, (risk.kind, row.text)


def codes(model: Model, text: str) -> set[str]:
    return {reason.code for reason in model.classify(text).urgency.reasons}

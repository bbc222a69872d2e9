from __future__ import annotations

import io
import json

import pytest

import classifiers


def answers(model: classifiers.Model, *lines: str) -> list[dict[str, object]]:
    out = io.StringIO()
    classifiers.classify_lines(model, lines, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_order_and_ids_are_kept(model: classifiers.Model) -> None:
    lines = [json.dumps({"id": key, "text": "返品したい"}) for key in ("b", 2, None, "a")]
    assert [answer["id"] for answer in answers(model, *lines)] == ["b", 2, None, "a"]


def test_the_answer_has_the_agreed_shape(model: classifiers.Model) -> None:
    (answer,) = answers(model, '{"id": "1", "text": "cancel my order today", "subject": "hi", "lang": "en"}')
    assert set(answer) == {"id", "lang", "tags", "ranked", "sentiment", "urgency"}
    assert isinstance(answer["urgency"], dict) and set(answer["urgency"]) == {"score", "level", "reasons"}
    assert isinstance(answer["ranked"], list) and set(answer["ranked"][0]) == {"tag", "score"}
    assert set(answer["urgency"]["reasons"][0]) == {"reason", "points"}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        "null",
        '{"id": 1}',
        '{"text": 5}',
        '{"text": "a", "lang": 3}',
        '{"text":"a","subject":[1]}',
        "[" * 100_000,
    ],
)
def test_a_malformed_line_is_answered_with_its_number(model: classifiers.Model, line: str) -> None:
    answer = answers(model, '{"id": 0, "text": "a"}', line)[1]
    assert answer["line"] == 2
    assert answer["error"]


def test_empty_lines_are_skipped(model: classifiers.Model) -> None:
    assert len(answers(model, "\n", '{"id": 1, "text": ""}', "  ")) == 1


def test_lone_surrogates_survive_the_way_out(model: classifiers.Model) -> None:
    assert answers(model, '{"id": "\\ud800", "text": "\\udfff"}')[0]["id"] == "\ud800"

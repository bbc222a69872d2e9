from __future__ import annotations

import io
import json

import pytest

import classifiers
from classifiers.lines import AT_ONCE
from classifiers.rows import Row


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


def test_a_line_is_the_json_of_the_answer(model: classifiers.Model, rows: list[Row]) -> None:
    messages = [{"id": {"n": at}, "text": row.text, "subject": row.subject} for at, row in enumerate(rows)]
    out = io.StringIO()
    classifiers.classify_lines(model, [json.dumps(message) for message in messages], out)
    for message, row, line in zip(messages, rows, out.getvalue().splitlines(), strict=True):
        answer = model.classify(row.text, row.subject)
        assert line == json.dumps({"id": message["id"], **answer.as_json()})


def test_malformed_lines_stand_between_the_others_in_any_number(model: classifiers.Model) -> None:
    lines = [
        "{" if at % 3 or at < AT_ONCE else json.dumps({"id": at, "text": "返金"}) for at in range(3 * AT_ONCE)
    ]
    told = answers(model, *lines)
    assert [bool(answer.get("error")) for answer in told] == [line == "{" for line in lines]
    assert all(answer["id"] == at for at, answer in enumerate(told) if "error" not in answer)


def test_empty_lines_are_skipped(model: classifiers.Model) -> None:
    assert len(answers(model, "\n", '{"id": 1, "text": ""}', "  ")) == 1


def test_lone_surrogates_survive_the_way_out(model: classifiers.Model) -> None:
    assert answers(model, '{"id": "\\ud800", "text": "\\udfff"}')[0]["id"] == "\ud800"

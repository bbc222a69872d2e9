from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import classifiers
from classifiers.rows import BadRow, Row, row_of
from classifiers.training import NotEnoughRows, fit, fold_numbers, targets


def test_training_twice_gives_the_same_model(model: classifiers.Model, rows: list[Row]) -> None:
    again = fit(rows, folds=3)
    np.testing.assert_array_equal(again.weights, model.artifact.weights)
    assert again.meta == model.artifact.meta


def test_it_learns_what_it_was_shown(model: classifiers.Model, rows: list[Row]) -> None:
    tagged = [row for row in rows if row.tags]
    right = [model.classify(row.text, row.subject).ranked[0].tag in row.tags for row in tagged]
    assert np.mean(right) > 0.9


def test_a_brands_own_tag_is_learned(rows: list[Row]) -> None:
    own = [
        Row(f"engraving of a name on ring {at} please", "en", ("engraving",), weight=5.0) for at in range(9)
    ]
    model = classifiers.train(rows + own, folds=3)
    assert model.classify("can you do an engraving of my name").ranked[0].tag == "engraving"
    assert model.tags[-1] == "engraving"


def test_rows_without_urgency_and_sentiment_are_enough(rows: list[Row]) -> None:
    bare = [replace(row, urgency=None, sentiment=None) for row in rows[:120]]
    assert classifiers.train(bare, folds=3).classify("refund").urgency.score >= 0


def test_every_fold_holds_every_common_label(rows: list[Row]) -> None:
    numbers = fold_numbers(rows, 4)
    assert sorted(set(numbers.tolist())) == [0, 1, 2, 3]
    for number in range(4):
        assert {row.lang for row, held in zip(rows, numbers, strict=True) if held == number} == {"ja", "en"}


def test_rows_without_a_tag_are_held_out_by_stretches(rows: list[Row]) -> None:
    numbers = fold_numbers(rows, 3)
    for lang in ("ja", "en"):
        outside = [
            int(number)
            for row, number in zip(rows, numbers, strict=True)
            if row.lang == lang and not row.tags
        ]
        assert outside == sorted(outside)
        assert set(outside) == {0, 1, 2}


@pytest.mark.parametrize(
    "few", [[], [Row("a", "en", ("refund",))], [Row(f"a {at}", "en", ("refund",)) for at in range(40)]]
)
def test_too_few_rows_are_refused_with_the_reason(few: list[Row]) -> None:
    with pytest.raises(NotEnoughRows, match="too few"):
        fit(few)


def test_of_what_is_not_known_no_head_learns() -> None:
    row = Row("x", "en", ("refund",), denied=("order_status",))
    (told,) = targets(
        [
            row,
        ],
        ["refund", "order_status", "spam"],
    )[:, :4].tolist()
    assert told == [1, 0, -1, 1]
    (told,) = targets([Row("x", "en", (), denied=("spam",))], ["refund", "order_status", "spam"])[
        :, :4
    ].tolist()
    assert told == [-1, -1, 0, -1]


def test_a_row_keeps_what_is_known_when_it_is_written_down() -> None:
    row = Row("x", "en", ("refund",), weight=5.0, denied=("order_status",))
    assert row_of(json.loads(json.dumps(row.as_json()))) == row
    assert row_of({"text": "x", "tags": []}).whole
    with pytest.raises(BadRow):
        row_of({"text": "x", "tags": [], "denied": "spam"})

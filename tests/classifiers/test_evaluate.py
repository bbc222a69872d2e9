from __future__ import annotations

import json

import numpy as np
import pytest

import classifiers
from classifiers.evaluate import area_under_curve, calibration_error, evaluate
from classifiers.rows import Row


def test_the_report_has_the_agreed_names(model: classifiers.Model, rows: list[Row]) -> None:
    report = json.loads(json.dumps(evaluate(model, rows)))
    assert {"n", "top1", "top3", "macro_f1", "micro_f1", "ece", "abstain_rate", "per_tag", "urgency"} <= set(
        report
    )
    assert set(report["urgency"]) == {"ndcg", "auc"}
    assert report["n"] == len(rows)
    assert 0.9 < report["top1"] <= report["top3"] <= 1


def test_nothing_to_measure_is_said_as_none(model: classifiers.Model) -> None:
    report = evaluate(model, [])
    assert (report["n"], report["top1"], report["ece"], report["urgency"]["auc"]) == (0, None, None, None)


def test_rows_without_tags_measure_false_alarms(model: classifiers.Model) -> None:
    report = evaluate(model, [Row("xyzzy", "en", ())])
    assert report["none_tagged"] == 0
    assert report["top1"] is None


def test_per_tag_figures_count_hits_and_misses(model: classifiers.Model) -> None:
    shown = [Row("I want a refund", "en", ("refund",)), Row("refund my money", "en", ("spam",))]
    refund = evaluate(model, shown)["per_tag"]
    assert refund["spam"]["recall"] == 0
    assert refund["refund"]["n"] == 1


@pytest.mark.parametrize(
    ("high", "low", "expected"), [([3, 4], [1, 2], 1.0), ([1], [1], 0.5), ([0], [1], 0.0), ([], [1], None)]
)
def test_area_under_curve(high: list[float], low: list[float], expected: float | None) -> None:
    assert area_under_curve(np.array(high, dtype=float), np.array(low, dtype=float)) == expected


def test_sure_and_right_has_no_calibration_error() -> None:
    assert calibration_error(np.ones(5), np.ones(5, dtype=bool)) == 0
    assert calibration_error(np.ones(5), np.zeros(5, dtype=bool)) == 1

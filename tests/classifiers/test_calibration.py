from __future__ import annotations

import numpy as np

from classifiers.calibration import HIGHEST, LOWEST, fit_temperature, fit_thresholds


def test_a_clean_tag_gets_a_low_threshold() -> None:
    scores = np.linspace(0, 1, 400)[:, None]
    labels = (scores > 0.4).astype(np.int8)
    assert fit_thresholds(scores, labels, ["a"])["a"] <= 0.45


def test_a_tag_that_is_never_sure_is_hardly_shown() -> None:
    scores = np.tile([0.2, 0.9], 100)[:, None]
    labels = np.tile([1, 0], 100)[:, None].astype(np.int8)
    assert fit_thresholds(scores, labels, ["a"])["a"] >= 0.9


def test_thresholds_stay_on_their_scale() -> None:
    scores = np.array([[0.001], [1.0]] * 50)
    for labels in (np.ones((100, 1), dtype=np.int8), np.zeros((100, 1), dtype=np.int8)):
        assert LOWEST <= fit_thresholds(scores, labels, ["a"])["a"] <= HIGHEST


def test_overconfident_margins_are_cooled() -> None:
    draw = np.random.default_rng(1)
    labels = np.eye(3, dtype=np.int8)[draw.integers(0, 3, 300)]
    margins = 9.0 * np.eye(3)[draw.integers(0, 3, 300)]
    assert fit_temperature(margins, labels) > 2
    assert fit_temperature(2.0 * np.asarray(labels, dtype=np.float64), labels) < 1


def test_nothing_known_leaves_the_temperature() -> None:
    assert fit_temperature(np.zeros((2, 5)), np.full((2, 5), -1, dtype=np.int8)) == 1.0

from __future__ import annotations

import numpy as np

from classifiers.calibration import HIGHEST, LOWEST, fit_calibration, fit_thresholds, threshold_weights
from classifiers.scores import tag_scores


def test_a_clean_tag_gets_a_low_threshold() -> None:
    scores = np.linspace(0, 1, 400)[:, None]
    labels = (scores > 0.4).astype(np.int8)
    assert fit_thresholds(scores, labels, ["a"], np.ones(len(scores)))["a"] <= 0.45


def test_a_tag_that_is_never_sure_is_hardly_shown() -> None:
    scores = np.tile([0.2, 0.9], 100)[:, None]
    labels = np.tile([1, 0], 100)[:, None].astype(np.int8)
    assert fit_thresholds(scores, labels, ["a"], np.ones(len(scores)))["a"] >= 0.9


def test_thresholds_stay_on_their_scale() -> None:
    scores = np.array([[0.001], [1.0]] * 50)
    for labels in (np.ones((100, 1), dtype=np.int8), np.zeros((100, 1), dtype=np.int8)):
        assert LOWEST <= fit_thresholds(scores, labels, ["a"], np.ones(len(scores)))["a"] <= HIGHEST


def test_messages_without_a_tag_raise_the_threshold_as_often_as_they_come() -> None:
    scores = np.linspace(0, 1, 400)[:, None]
    labels = (np.arange(400) % 2).astype(np.int8)[:, None]  # every other one has no tag and as good a score
    counted = threshold_weights(np.ones(400, dtype=bool), labels[:, 0] > 0)
    assert counted[1] == 1.0
    assert 0.05 < counted[0] * 200 / counted.sum() < 0.07
    unheard = np.where(labels[:, 0] > 0, 1.0, 0.0)
    alone, beside = (fit_thresholds(scores, labels, ["a"], weights)["a"] for weights in (unheard, counted))
    assert alone < beside


NONE = np.zeros(800, dtype=bool)
SHORT = np.full(800, 0.1)  # all texts of the same length


def test_how_sure_to_be_is_learned_from_ordinary_messages() -> None:
    draw = np.random.default_rng(4)
    y = np.eye(4, dtype=np.int8)[draw.integers(0, 3, 600)]
    y[:, 3] = 1
    plain = np.arange(600) < 300
    margins = 4.0 * y + draw.normal(size=y.shape) * np.where(plain, 1.0, 6.0)[:, None]  # the others are hard
    langs = ["en"] * 600
    cautious = fit_calibration(margins, y, 3, np.ones(600), langs, SHORT[:600], NONE[:600])
    fitted = fit_calibration(margins, y, 3, np.ones(600), langs, SHORT[:600], plain)
    right = y[plain, :3].astype(bool)
    sure = tag_scores(margins[plain], 3, fitted, langs[:300], SHORT[:300])[right].mean()
    assert sure > 0.9 > tag_scores(margins[plain], 3, cautious, langs[:300], SHORT[:300])[right].mean()


def test_messages_without_a_tag_score_lower() -> None:
    draw = np.random.default_rng(5)
    y = np.eye(4, dtype=np.int8)[draw.integers(0, 4, 800)]  # the fourth: none of the tags
    none = y[:, 3] == 1
    margins = 3.0 * y + draw.normal(size=y.shape)
    margins[:, 3] = -margins[:, 3]
    y[:, 3] = 1 - y[:, 3]
    fitted = fit_calibration(margins, y, 3, np.ones(800), ["en"] * 800, SHORT, NONE)
    best = tag_scores(margins, 3, fitted, ["en"] * 800, SHORT).max(axis=1)
    assert best[~none].mean() > 0.8 > 0.3 > best[none].mean()


def test_a_few_words_are_trusted_less_where_short_texts_had_no_tag() -> None:
    draw = np.random.default_rng(6)
    y = np.eye(4, dtype=np.int8)[draw.integers(0, 4, 800)]
    none = y[:, 3] == 1
    short = np.where(none, 0.4, 0.1) + draw.normal(size=800) * 0.1
    margins = 2.0 * y + draw.normal(size=y.shape) * 2
    y[:, 3] = 1 - y[:, 3]
    fitted = fit_calibration(margins, y, 3, np.ones(800), ["en"] * 800, short, NONE)
    few, many = (tag_scores(margins, 3, fitted, ["en"] * 800, np.full(800, size)) for size in (0.4, 0.1))
    assert (few < many).all()


def test_a_language_with_few_rows_borrows_from_all() -> None:
    draw = np.random.default_rng(2)
    y = np.eye(4, dtype=np.int8)[draw.integers(0, 4, 400)]
    margins = 3.0 * y + draw.normal(size=y.shape)
    margins[:, 3] = -margins[:, 3]
    y[:, 3] = 1 - y[:, 3]
    few = fit_calibration(margins, y, 3, np.ones(400), ["en"] * 395 + ["ja"] * 5, SHORT[:400], NONE[:400])
    everyone = fit_calibration(margins, y, 3, np.ones(400), ["en"] * 400, SHORT[:400], NONE[:400])
    assert few["ja"] == everyone["en"]


def test_scores_are_calibrated_on_what_they_were_fitted_to() -> None:
    draw = np.random.default_rng(3)
    y = np.eye(4, dtype=np.int8)[draw.integers(0, 3, 600)]
    margins = 8.0 * y + draw.normal(size=y.shape) * 4
    calibration = fit_calibration(margins, y, 3, np.ones(600), ["en"] * 600, SHORT[:600], NONE[:600])
    scores = tag_scores(margins, 3, calibration, ["en"] * 600, SHORT[:600])
    assert abs(scores.mean() - y[:, :3].mean()) < 0.02

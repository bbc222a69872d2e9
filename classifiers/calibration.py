"""Turns margins into probabilities and decides from which probability on a tag is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classifiers.language import LANGUAGES
from classifiers.scores import scope_evidence, tag_evidence
from classifiers.tags import TAG_IDS

Floats = NDArray[np.float64]
PRECISION = 0.95
ENOUGH = 30
LOWEST, HIGHEST = 0.3, 0.98
_TRUST = 100
_CLEAR = 2.0  # times the highest score of a row that lacks the tag
_CERTAIN = 12.0
_ENOUGH_ROWS = 100
# Of what reaches a shop at least so much is a greeting, a bare number or meant for somebody else.
_LEAST_OUTSIDE = 0.06


def fit_calibration(
    margins: Floats,
    y: NDArray[np.int8],
    tag_count: int,
    seen: Floats,
    langs: Sequence[str],
    short: Floats,
    typical: NDArray[np.bool_],
) -> dict[str, Any]:
    """For each language two small logistics, shared by all tags: is there a tag, and which.

    Japanese has no word terms, so its margins are narrower than English ones of the same worth.
    """
    spoken, tagged = np.array(langs), y[:, :tag_count].max(axis=1, initial=0) > 0
    calibration = {}
    for lang in LANGUAGES:
        here = enough(np.asarray(spoken == lang), tagged)
        rows = here & typical if (here & typical & tagged).sum() >= _ENOUGH_ROWS else here
        calibration[lang] = {
            "tags": _fit_tags(margins[rows], y[rows], tag_count, seen[rows]),
            "scope": _fit_scope(
                scope_evidence(margins[here], tag_count, short[here]),
                tagged[here],
                float((~tagged[rows]).mean()),
            ),
        }
    return calibration


def enough(rows: NDArray[np.bool_], tagged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """These rows, or all where too few of them have a tag."""
    return rows if (rows & tagged).sum() >= _ENOUGH_ROWS else np.ones(len(rows), dtype=bool)


def _fit_tags(margins: Floats, y: NDArray[np.int8], tag_count: int, seen: Floats) -> list[float]:
    """Which tag, of messages that have one."""
    any_tag = y[:, :tag_count].any(axis=1)
    x = tag_evidence(margins, tag_count)[any_tag].reshape(-1, 2)
    labels = y[any_tag, :tag_count].reshape(-1)
    fitted = LogisticRegression(C=1e6, max_iter=500).fit(
        x, labels, sample_weight=np.repeat(seen[any_tag], tag_count)
    )
    return [*map(float, fitted.coef_[0]), float(fitted.intercept_[0])]


def _fit_scope(evidence: Floats, tagged: NDArray[np.bool_], share: float) -> list[float]:
    """Whether there is a tag at all, by the margins of that question and of the best tag, and by brevity.

    Messages without one are told from many, but counted as rare as `share` says.
    """
    if tagged.all() or not tagged.any():
        return [*([0.0] * evidence.shape[1]), _CERTAIN]
    share = min(max(share, _LEAST_OUTSIDE), 1.0 - _LEAST_OUTSIDE)
    rarity = share * tagged.sum() / (1.0 - share) / (~tagged).sum()
    fitted = LogisticRegression(C=1e6, max_iter=500).fit(
        evidence, tagged, sample_weight=np.where(tagged, 1.0, rarity)
    )
    return [*map(float, fitted.coef_[0]), float(fitted.intercept_[0])]


def threshold_weights(plain: NDArray[np.bool_], tagged: NDArray[np.bool_]) -> Floats:
    """What each row counts when thresholds are found: ordinary ones, and all without a tag, as rare as they are."""
    outside = int((~tagged).sum())
    rarity = _LEAST_OUTSIDE / (1.0 - _LEAST_OUTSIDE) * (plain & tagged).sum() / max(outside, 1)
    return np.where(tagged, plain.astype(np.float64), min(rarity, 1.0))


def fit_thresholds(
    scores: Floats, y: NDArray[np.int8], tags: Sequence[str], weights: Floats
) -> dict[str, float]:
    """Per tag the score above which the wanted precision holds; few rows draw it to the common one."""
    common = _threshold(scores.reshape(-1), y.reshape(-1), np.repeat(weights, len(tags)))
    ordinary, thresholds = weights >= 1.0, {}
    for at, tag in enumerate(tags):
        known = int((y[:, at] == 1).sum())
        if known < ENOUGH and tag not in TAG_IDS:
            thresholds[tag] = _above_the_others(scores[ordinary, at], y[ordinary, at], common)
            continue
        own = _threshold(scores[:, at], y[:, at], weights) if known >= ENOUGH else common
        thresholds[tag] = round((known * own + _TRUST * common) / (known + _TRUST), 4)
    return thresholds


def _above_the_others(scores: Floats, labels: NDArray[np.int8], common: float) -> float:
    """A shop's own tag has too few rows for a share of right ones, but many that lack it say how high those come."""
    highest = float(scores[labels != 1].max(initial=0.0))
    return round(min(common, max(LOWEST, _CLEAR * highest)), 4)


def _threshold(scores: Floats, labels: NDArray[np.int8], weights: Floats) -> float:
    order = np.argsort(-scores, kind="stable")
    hits, total = (np.cumsum(part[order]) for part in (weights * (labels == 1), weights))
    # One imagined miss keeps a lucky handful of rows from opening the gate.
    precise = hits / (total + 1.0) >= PRECISION
    last = int(np.flatnonzero(precise)[-1]) if precise.any() else 0
    return round(float(np.clip(scores[order[last]], LOWEST, HIGHEST)), 4)

"""Turns margins into probabilities and decides from which probability on a tag is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classifiers.language import LANGUAGES

Floats = NDArray[np.float64]
PRECISION = 0.95
ENOUGH = 30
LOWEST, HIGHEST = 0.3, 0.98
_TRUST = 100
_CERTAIN = 12.0
_ENOUGH_ROWS = 100
_LEAST_OUTSIDE = 0.01


def evidence(margins: Floats, tag_count: int) -> Floats:
    """Rows × tags × 2: the tag's margin and its standing among all tags."""
    own = margins[:, :tag_count]
    peak = own.max(axis=1, keepdims=True)
    standing = own - peak - np.log(np.exp(own - peak).sum(axis=1, keepdims=True))
    return np.stack([own, standing], axis=2)


def fit_calibration(
    margins: Floats,
    y: NDArray[np.int8],
    tag_count: int,
    seen: Floats,
    langs: Sequence[str],
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
            "scope": _fit_scope(margins[here], tag_count, tagged[here], float((~tagged[rows]).mean())),
        }
    return calibration


def enough(rows: NDArray[np.bool_], tagged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """These rows, or all where too few of them have a tag."""
    return rows if (rows & tagged).sum() >= _ENOUGH_ROWS else np.ones(len(rows), dtype=bool)


def _fit_tags(margins: Floats, y: NDArray[np.int8], tag_count: int, seen: Floats) -> list[float]:
    """Which tag, of messages that have one."""
    any_tag = y[:, :tag_count].any(axis=1)
    x = evidence(margins, tag_count)[any_tag].reshape(-1, 2)
    labels = y[any_tag, :tag_count].reshape(-1)
    fitted = LogisticRegression(C=1e6, max_iter=500).fit(
        x, labels, sample_weight=np.repeat(seen[any_tag], tag_count)
    )
    return [*map(float, fitted.coef_[0]), float(fitted.intercept_[0])]


def _fit_scope(margins: Floats, tag_count: int, tagged: NDArray[np.bool_], share: float) -> list[float]:
    """Whether there is a tag at all, by the margins of that question and of the best tag.

    Messages without one are told from many, but counted as rare as `share` says.
    """
    if tagged.all() or not tagged.any():
        return [0.0, 0.0, _CERTAIN]
    share = min(max(share, _LEAST_OUTSIDE), 1.0 - _LEAST_OUTSIDE)
    rarity = share * tagged.sum() / (1.0 - share) / (~tagged).sum()
    fitted = LogisticRegression(C=1e6, max_iter=500).fit(
        np.stack([margins[:, tag_count], margins[:, :tag_count].max(axis=1)], axis=1),
        tagged,
        sample_weight=np.where(tagged, 1.0, rarity),
    )
    return [*map(float, fitted.coef_[0]), float(fitted.intercept_[0])]


def tag_scores(margins: Floats, tag_count: int, calibration: dict[str, Any], langs: Sequence[str]) -> Floats:
    """Calibrated probability of every tag for every row."""
    own, standing, offset = np.array([calibration[lang]["tags"] for lang in langs]).T[:, :, None]
    slope, best, start = np.array([calibration[lang]["scope"] for lang in langs]).T[:, :, None]
    seen = evidence(margins, tag_count)
    which = seen[:, :, 0] * own + seen[:, :, 1] * standing + offset
    top = margins[:, :tag_count].max(axis=1, keepdims=True)
    scope = slope * margins[:, tag_count : tag_count + 1] + best * top + start
    return np.asarray(1.0 / (1.0 + np.exp(-which)) / (1.0 + np.exp(-scope)), dtype=np.float64)


def fit_temperature(margins: Floats, y: NDArray[np.int8]) -> float:
    """The divisor under which the softmax of `margins` is likeliest for the known rows."""
    known = y.max(axis=1) > 0
    if not known.any():
        return 1.0
    right = y[known].argmax(axis=1)

    def loss(temperature: float) -> float:
        scaled = margins[known] / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        picked = scaled[np.arange(len(right)), right]
        return float((np.log(np.exp(scaled).sum(axis=1)) - picked).mean())

    return min((round(0.1 * step, 1) for step in range(2, 41)), key=loss)


def fit_thresholds(scores: Floats, y: NDArray[np.int8], tags: Sequence[str]) -> dict[str, float]:
    """Per tag the score above which the wanted precision holds; few rows draw it to the common one."""
    common = _threshold(scores.reshape(-1), y.reshape(-1))
    thresholds = {}
    for at, tag in enumerate(tags):
        known = int((y[:, at] == 1).sum())
        own = _threshold(scores[:, at], y[:, at]) if known >= ENOUGH else common
        thresholds[tag] = round((known * own + _TRUST * common) / (known + _TRUST), 4)
    return thresholds


def _threshold(scores: Floats, labels: NDArray[np.int8]) -> float:
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order] == 1)
    # One imagined miss keeps a lucky handful of rows from opening the gate.
    precise = hits / (np.arange(len(order)) + 2.0) >= PRECISION
    last = int(np.flatnonzero(precise)[-1]) if precise.any() else 0
    return round(float(np.clip(scores[order[last]], LOWEST, HIGHEST)), 4)

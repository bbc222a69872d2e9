"""What a training run's scores say of rows that their fold had not seen: the figures that people read of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.judged import Judged, figures
from classifiers.results import Classification, TagScore, Urgency
from classifiers.rows import Row

_BEST = 3  # guesses that the figures look at
_CALM = Urgency(0, "low", ())


def out_of_fold_figures(
    rows: Sequence[Row], scores: NDArray[np.float64], tags: Sequence[str], thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """By language, in the shape of `judged.figures`; `scores` are rows × tags, in the order of `rows`."""
    least = np.array([thresholds[tag] for tag in tags])
    order = np.argsort(-scores, axis=1, kind="stable")
    judged = [
        Judged(row, _answer(row, values, ranked, least, tags))
        for row, values, ranked in zip(rows, scores, order, strict=True)
    ]
    return figures(judged)


def _answer(
    row: Row,
    values: NDArray[np.float64],
    ranked: NDArray[np.intp],
    least: NDArray[np.float64],
    tags: Sequence[str],
) -> Classification:
    found = [(int(at), TagScore(tags[at], round(float(values[at]), 4))) for at in ranked[:_BEST]]
    shown = [at for at in ranked if values[at] >= least[at]]
    return Classification(
        lang=row.lang,
        tags=tuple(TagScore(tags[at], round(float(values[at]), 4)) for at in shown),
        ranked=tuple(score for _, score in found),
        sentiment="neutral",
        urgency=_CALM,
    )

"""From margins to probabilities, for one text or many: the formula that calibration fits and serving applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Calibration = Mapping[str, Mapping[str, Sequence[float]]]


def tag_scores(
    margins: Floats,
    tag_count: int,
    calibration: Calibration,
    langs: Sequence[str],
    short: Floats,
    mix: Floats | float = 0.0,
) -> Floats:
    """Calibrated probability of every tag for every row; `langs` are those of the scripts they are written in.

    `mix` is added to the margins of the tags where it is asked which of them it is.
    """
    which = _weighed(tag_evidence(margins, tag_count, mix), [calibration[lang]["tags"] for lang in langs])
    scope = _weighed(
        scope_evidence(margins, tag_count, short)[:, None, :],
        [calibration[lang]["scope"] for lang in langs],
    )
    return np.asarray(1.0 / (1.0 + np.exp(-which)) / (1.0 + np.exp(-scope)), dtype=np.float64)


def tag_evidence(margins: Floats, tag_count: int, mix: Floats | float = 0.0) -> Floats:
    """Rows × tags × 2: the tag's margin and its standing among all tags."""
    own = margins[:, :tag_count] + mix
    peak = own.max(axis=1, keepdims=True)
    standing = own - peak - np.log(np.exp(own - peak).sum(axis=1, keepdims=True))
    return np.stack([own, standing], axis=2)


def scope_evidence(margins: Floats, tag_count: int, short: Floats) -> Floats:
    """Rows × 3: the margin of "any tag at all", that of the best tag, and how short the text is."""
    return np.stack([margins[:, tag_count], margins[:, :tag_count].max(axis=1), short], axis=1)


def _weighed(evidence: Floats, fitted: Sequence[Sequence[float]]) -> Floats:
    by_row = np.array(fitted)[:, None, :]
    weighed: Floats = (evidence * by_row[:, :, :-1]).sum(axis=2) + by_row[:, :, -1]
    return weighed

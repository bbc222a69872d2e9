"""Learns a model from labelled rows with scikit-learn. Only this room and its callers load scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import FeatureUnion

from classifiers import features
from classifiers.artifact import Artifact
from classifiers.calibration import enough, fit_calibration, fit_thresholds, threshold_weights
from classifiers.language import LANGUAGES, detect
from classifiers.mix import shop_mix
from classifiers.rows import Row
from classifiers.scores import tag_scores
from classifiers.tags import SENTIMENTS, TAG_IDS
from classifiers.text import prepare
from classifiers.unseen import out_of_fold_figures

Floats = NDArray[np.float64]
MAX_WORDS = 14_000
MAX_CHARS = 40_000
STRENGTH = 5.0
TOLERANCE = 0.3
FOLDS = 2
SEED = 20
GRADES = (1, 2, 3)
_NEVER = -12.0


class NotEnoughRows(ValueError):
    """There is too little to learn from; the message says how much is needed."""


def fit(
    rows: Sequence[Row],
    *,
    folds: int = FOLDS,
    data_hash: str = "",
    code_version: str = "",
    measured: bool = False,
) -> Artifact:
    """A model of all rows; calibration and thresholds come from rows the scoring fold did not see.

    `measured` puts its figures on such rows into the metrics.
    """
    whole_rows = [row for row in rows if row.whole]
    if len({row.tags for row in whole_rows}) < 2 or len(whole_rows) < 2 * folds:
        raise NotEnoughRows(
            f"{len(rows)} rows of at least two different labels are too few; give more examples"
        )
    tags = known_tags(rows)
    texts = [prepare(row.text, row.subject) for row in rows]
    vectors = vectorizer()
    x = csr_matrix(vectors.fit_transform(texts))
    y = targets(rows, tags)
    seen = np.array([row.weight for row in rows], dtype=np.float64)
    # Sentiment and grades are used as they come, so nothing is gained from holding rows out for them.
    unseen = out_of_fold(x, y[:, : len(tags) + 1], seen, fold_numbers(rows, folds))
    weights, bias = fit_heads(x, y, seen)
    words, chars = (part for _, part in vectors.transformer_list)
    return Artifact(
        words=tuple(words.get_feature_names_out()),
        chars=tuple(chars.get_feature_names_out()),
        idf=np.concatenate([words.idf_, chars.idf_]).astype(np.float64),
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        bias=bias,
        meta={
            "tags": list(tags),
            "sentiments": list(SENTIMENTS),
            **calibrate(rows, texts, tags, y, unseen, measured=measured),
            "mix": shop_mix(rows, tags),
            "data_hash": data_hash,
            "code_version": code_version,
        },
    )


def calibrate(
    rows: Sequence[Row],
    texts: Sequence[str],
    tags: Sequence[str],
    y: NDArray[np.int8],
    unseen: Floats,
    *,
    measured: bool,
) -> dict[str, Any]:
    """Calibration, thresholds and metrics by the margins of rows that are known whole; `texts` are prepared."""
    whole = np.array([row.whole for row in rows], dtype=bool)
    known = [(row, text) for row, text in zip(rows, texts, strict=True) if row.whole]
    margins, told, langs = unseen[whole], y[whole], [detect(text) for _, text in known]
    seen = np.array([row.weight for row, _ in known], dtype=np.float64)
    typical = np.array([row.typical for row, _ in known], dtype=bool)
    short = np.array([features.brevity(text) for _, text in known], dtype=np.float64)
    calibration = fit_calibration(margins, told, len(tags), seen, langs, short, typical)
    scores = tag_scores(margins, len(tags), calibration, langs, short)
    right = told[:, : len(tags)]
    tagged = right.max(axis=1) > 0
    counted = threshold_weights(enough(typical, tagged), tagged)
    some = counted > 0
    thresholds = fit_thresholds(scores[some], right[some], tags, counted[some])
    metrics: dict[str, Any] = {"rows": len(rows), **out_of_fold_metrics(scores, right)}
    if measured:
        metrics["figures"] = out_of_fold_figures([row for row, _ in known], scores, tags, thresholds)
    return {"calibration": calibration, "thresholds": thresholds, "metrics": metrics}


def known_tags(rows: Sequence[Row]) -> tuple[str, ...]:
    """The closed list, then a brand's own tags as the rows name them."""
    return TAG_IDS + tuple(sorted({tag for row in rows for tag in row.tags} - set(TAG_IDS)))


def vectorizer() -> FeatureUnion:
    """The sublinear tf-idf of words and of characters, side by side, each of its weight as length."""
    parts = (("words", features.analyze_words, MAX_WORDS), ("chars", features.analyze_chars, MAX_CHARS))
    return FeatureUnion(
        [
            (
                name,
                TfidfVectorizer(analyzer=terms, min_df=2, max_features=most, sublinear_tf=features.SUBLINEAR),
            )
            for name, terms, most in parts
        ],
        transformer_weights={"words": features.WORDS_WEIGHT},
    )


def targets(rows: Sequence[Row], tags: Sequence[str]) -> NDArray[np.int8]:
    """One column a head, 1 yes, 0 no, -1 unknown for this row."""
    columns: list[list[int]] = [[_target(row, tag) for row in rows] for tag in tags]
    columns.append([1 if row.tags else -1 if row.denied is not None else 0 for row in rows])
    columns += [
        [-1 if row.sentiment is None else int(row.sentiment == kind) for row in rows] for kind in SENTIMENTS
    ]
    columns.append([-1 if row.harm is None else int(row.harm) for row in rows])
    columns += [
        [-1 if row.urgency is None else int(row.urgency >= grade) for row in rows] for grade in GRADES
    ]
    return np.array(columns, dtype=np.int8).T


def _target(row: Row, tag: str) -> int:
    if tag in row.tags:
        return 1
    return 0 if row.denied is None or tag in row.denied else -1


def fold_numbers(rows: Sequence[Row], folds: int) -> NDArray[np.int64]:
    """Which fold holds each row out; every tag and language is spread over all folds.

    Rows without a tag are held out by stretches, as they stand by subject: what a shop gets beside its
    business is of a kind that nobody thought of, and how sure to be is to be learned from such.
    """
    labels = [f"{row.lang} {row.tags[0] if row.tags else '-'}" for row in rows]
    counts = Counter(labels)
    strata = [label if counts[label] >= folds else "rare" for label in labels]
    if 0 < strata.count("rare") < folds:
        strata = [label[:2] for label in labels]
    numbers = np.zeros(len(rows), dtype=np.int64)
    split = StratifiedKFold(folds, shuffle=True, random_state=SEED).split(np.zeros(len(rows)), strata)
    for number, (_, held) in enumerate(split):
        numbers[held] = number
    for lang in LANGUAGES:
        outside = [at for at, row in enumerate(rows) if row.lang == lang and not row.tags]
        numbers[outside] = np.arange(len(outside)) * folds // max(len(outside), 1)
    return numbers


def out_of_fold(x: Any, y: NDArray[np.int8], seen: Floats, numbers: NDArray[np.int64]) -> Floats:
    """Margins of every head on every row, from a model that did not learn from that row."""
    margins = np.zeros(y.shape, dtype=np.float64)
    for number in np.unique(numbers):
        held = numbers == number
        weights, bias = fit_heads(x[~held], y[~held], seen[~held])
        margins[held] = x[held] @ weights.T + bias
    return margins


def fit_heads(x: Any, y: NDArray[np.int8], seen: Floats) -> tuple[Floats, Floats]:
    """Weights (heads × terms) and bias of one logistic regression for each column of `y`."""
    weights = np.zeros((y.shape[1], x.shape[1]), dtype=np.float64)
    bias = np.full(y.shape[1], _NEVER, dtype=np.float64)
    for head in range(y.shape[1]):
        told = y[:, head] >= 0
        labels = y[told, head]
        if labels.size and labels.min() != labels.max():
            model = head_regression().fit(x if told.all() else x[told], labels, sample_weight=seen[told])
            weights[head], bias[head] = model.coef_[0], model.intercept_[0]
        elif labels.size and labels[0] == 1:
            bias[head] = -_NEVER
    return weights, bias


def head_regression() -> LogisticRegression:
    """One yes-or-no judge; balanced, since a tag is a thirtieth of the rows."""
    return LogisticRegression(
        C=STRENGTH,
        class_weight="balanced",
        solver="liblinear",
        dual=True,
        tol=TOLERANCE,
        random_state=SEED,
        max_iter=1000,
    )


def out_of_fold_metrics(scores: Floats, y: NDArray[np.int8]) -> dict[str, float]:
    """Share of tagged rows whose best, or one of whose three best, is right."""
    tagged = y.sum(axis=1) > 0
    order = np.argsort(-scores[tagged], axis=1, kind="stable")
    right = np.take_along_axis(y[tagged], order, axis=1)
    return {
        "top1": round(float(right[:, 0].mean()), 4),
        "top3": round(float(right[:, :3].max(axis=1).mean()), 4),
    }

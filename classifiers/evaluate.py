"""How good is a model on labelled rows it has not seen? The numbers of `helpdesk model evaluate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.model import Model
from classifiers.results import Classification
from classifiers.rows import Row

Floats = NDArray[np.float64]
_QUEUE, _READ, _QUEUES, _SEED = 50, 10, 200, 7
_BINS = 15


def evaluate(model: Model, rows: Sequence[Row]) -> dict[str, Any]:
    """Accuracy, calibration, abstention, figures by tag and urgency; None if unmeasurable."""
    answers = [model.classify(row.text, row.subject, row.lang) for row in rows]
    tagged = [(row, answer) for row, answer in zip(rows, answers, strict=True) if row.tags]
    best = np.array([answer.ranked[0].tag in row.tags for row, answer in tagged], dtype=bool)
    three = [any(tag in row.tags for tag, _ in answer.ranked[:3]) for row, answer in tagged]
    sure = np.array([answer.ranked[0].score for _, answer in tagged], dtype=np.float64)
    per_tag = tag_figures(rows, answers)
    return {
        "n": len(rows),
        "top1": _mean(best),
        "top3": _mean(three),
        "macro_f1": _mean([figures["f1"] for figures in per_tag.values() if figures["n"]]),
        "micro_f1": _micro_f1(per_tag),
        "shown_precision": _share(per_tag, "hits", "shown"),
        "ece": round(calibration_error(sure, best), 4) if tagged else None,
        "abstain_rate": _mean([not answer.tags for _, answer in tagged]),
        "none_tagged": _mean(
            [bool(answer.tags) for row, answer in zip(rows, answers, strict=True) if not row.tags]
        ),
        "per_tag": per_tag,
        "sentiment_accuracy": _mean(
            [
                row.sentiment == answer.sentiment
                for row, answer in zip(rows, answers, strict=True)
                if row.sentiment
            ]
        ),
        "urgency": urgency_figures(rows, answers),
    }


def tag_figures(rows: Sequence[Row], answers: Sequence[Classification]) -> dict[str, dict[str, Any]]:
    """For each tag in rows or answers: how often it was right to show it, and how often it was shown."""
    wanted = [set(row.tags) for row in rows]
    shown = [{tag for tag, _ in answer.tags} for answer in answers]
    figures = {}
    for tag in sorted(set().union(*wanted, *shown)):
        n = sum(tag in labels for labels in wanted)
        total = sum(tag in labels for labels in shown)
        hits = sum(tag in left and tag in right for left, right in zip(wanted, shown, strict=True))
        figures[tag] = {
            "n": n,
            "shown": total,
            "hits": hits,
            "precision": round(hits / total, 4) if total else None,
            "recall": round(hits / n, 4) if n else None,
            "f1": round(2 * hits / (n + total), 4),
        }
    return figures


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error: mean distance between confidence and accuracy over 15 equal bins."""
    bins = np.clip(np.ceil(confidence * _BINS).astype(int) - 1, 0, _BINS - 1)
    inside = [bins == number for number in range(_BINS) if (bins == number).any()]
    return float(sum(part.mean() * abs(right[part].mean() - confidence[part].mean()) for part in inside))


def urgency_figures(rows: Sequence[Row], answers: Sequence[Classification]) -> dict[str, float | None]:
    """NDCG of the first 10 in random queues of 50, and AUC of grade 3 against the rest."""
    graded = [
        (row.urgency, answer.urgency.score)
        for row, answer in zip(rows, answers, strict=True)
        if row.urgency is not None
    ]
    grades = np.array([grade for grade, _ in graded], dtype=np.float64)
    scores = np.array([score for _, score in graded], dtype=np.float64)
    return {
        "ndcg": _queue_ndcg(grades, scores),
        "auc": area_under_curve(scores[grades == 3], scores[grades < 3]),
    }


def area_under_curve(positive: Floats, negative: Floats) -> float | None:
    """Chance that a positive scores above a negative, ties counted half; None without both kinds."""
    if not positive.size or not negative.size:
        return None
    below = np.searchsorted(np.sort(negative), positive, side="left")
    upto = np.searchsorted(np.sort(negative), positive, side="right")
    return round(float((below + upto).mean() / (2 * negative.size)), 4)


def _queue_ndcg(grades: Floats, scores: Floats) -> float | None:
    if not grades.size or grades.min() == grades.max():
        return None
    draw = np.random.default_rng(_SEED)
    values = []
    for _ in range(_QUEUES):
        queue = draw.choice(grades.size, min(_QUEUE, grades.size), replace=False)
        ideal = _gain(np.sort(grades[queue])[::-1])
        if ideal:
            values.append(_gain(grades[queue][np.argsort(-scores[queue], kind="stable")]) / ideal)
    return round(float(np.mean(values)), 4) if values else None


def _gain(grades: Floats) -> float:
    first = grades[:_READ]
    return float((first / np.log2(np.arange(2, first.size + 2))).sum())


def _mean(values: Sequence[Any] | NDArray[Any]) -> float | None:
    return round(float(np.mean(values)), 4) if len(values) else None


def _share(per_tag: dict[str, dict[str, Any]], part: str, whole: str) -> float | None:
    total = sum(figures[whole] for figures in per_tag.values())
    return round(sum(figures[part] for figures in per_tag.values()) / total, 4) if total else None


def _micro_f1(per_tag: dict[str, dict[str, Any]]) -> float | None:
    hits = sum(figures["hits"] for figures in per_tag.values())
    total = sum(figures["n"] + figures["shown"] for figures in per_tag.values())
    return round(2 * hits / total, 4) if total else None

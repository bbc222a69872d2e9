"""Figures of the built-in classifier: foreign sets, and speed against scikit-learn's path in the same run.

    python tests/bench/classify.py

The sets stand in the measuring data folder, given by HELPDESK_SHARED (default ../shared);
without it only speed is printed.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import classifiers
from classifiers.evaluate import area_under_curve, calibration_error, urgency_figures
from classifiers.rows import read_corpus
from classifiers.text import prepare
from classifiers.training import vectorizer

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))

MAIL = "Hello, I ordered a blue lamp last week and it has not arrived. Could you look into it, please? " * 7


def main() -> None:
    model = classifiers.builtin()
    folder = SHARED / "data" / "text" / "dev"
    if folder.is_dir():
        for file in sorted(folder.glob("*.jsonl")):
            print(
                file.stem,
                json.dumps(foreign(model, [json.loads(line) for line in file.open(encoding="utf-8")])),
            )
    else:
        print("foreign sets: skipped, no measuring data folder (HELPDESK_SHARED)")
    print("speed", json.dumps(speed(model)))


def foreign(model: classifiers.Model, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Top-1, top-3, calibration, precision of shown tags, in-scope AUROC and urgency ranking on one set."""
    answers = [model.classify(row["text"]) for row in rows]
    pairs = [(row["accept"], answer) for row, answer in zip(rows, answers, strict=True) if row.get("accept")]
    none = [answer for accept, answer in pairs if accept == ["NONE"]]
    strict = [
        (row["accept"], answer)
        for row, answer in zip(rows, answers, strict=True)
        if row.get("strict") and row.get("accept") not in (None, ["NONE"])
    ]
    best = np.array([answer.ranked[0].tag in accept for accept, answer in strict])
    sure = np.array([answer.ranked[0].score for _, answer in strict])
    shown = [answer.tags[0].tag in accept for accept, answer in strict if answer.tags]
    figures: dict[str, Any] = {
        "n": len(strict),
        "top1": round(float(best.mean()), 3),
        "top3": round(float(np.mean([any(t in a for t, _ in c.ranked[:3]) for a, c in strict])), 3),
        "ece": round(calibration_error(sure, best), 3),
        "shown": round(len(shown) / len(strict), 3),
        "shown_precision": round(float(np.mean(shown)), 3) if shown else None,
    }
    if none:
        outside = np.array([answer.ranked[0].score for answer in none])
        figures["auroc"] = area_under_curve(
            np.array([c.ranked[0].score for a, c in pairs if a != ["NONE"]]), outside
        )
        figures["none_shown"] = round(float(np.mean([bool(answer.tags) for answer in none])), 3)
        figures["none_spam"] = round(float(np.mean([any(t == "spam" for t, _ in c.tags) for c in none])), 3)
    by_tag: dict[str, list[bool]] = defaultdict(list)
    for (accept, _), right in zip(strict, best, strict=True):
        if len(accept) == 1:
            by_tag[accept[0]].append(bool(right))
    figures["weak"] = {
        tag: [len(hits), round(float(np.mean(hits)), 2)]
        for tag, hits in by_tag.items()
        if np.mean(hits) < 0.8
    }
    return {**figures, **urgency(rows, answers)}


def urgency(rows: Sequence[dict[str, Any]], answers: Sequence[classifiers.Classification]) -> dict[str, Any]:
    """Ranking of grade 3 against the rest, beside text length and order of arrival; empty without grades."""
    figures: dict[str, Any] = {}
    graded = [
        (row["meta"]["urgency"], a)
        for row, a in zip(rows, answers, strict=True)
        if "urgency" in (row.get("meta") or {})
    ]
    if graded:
        figures["urgency_auc"] = area_under_curve(*(urgencies(graded, high) for high in (True, False)))
        figures["urgency_ndcg"] = ndcg(graded)
        figures["length_auc"] = area_under_curve(
            *(
                np.array([len(r["text"]) for r in rows if (r["meta"]["urgency"] == 3) == high], float)
                for high in (True, False)
            )
        )
        figures["first_come_auc"] = area_under_curve(
            *(
                np.array([-at for at, r in enumerate(rows) if (r["meta"]["urgency"] == 3) == high], float)
                for high in (True, False)
            )
        )
    return figures


def ndcg(graded: Sequence[tuple[int, classifiers.Classification]]) -> float | None:
    """NDCG@10 of random queues of 50."""
    rows = [classifiers.Row("", "ja", (), urgency=grade) for grade, _ in graded]
    return urgency_figures(rows, [answer for _, answer in graded])["ndcg"]


def urgencies(graded: Sequence[tuple[int, classifiers.Classification]], high: bool) -> np.ndarray[Any, Any]:
    """Scores of the rows of grade 3, or of all others."""
    return np.array([answer.urgency.score for grade, answer in graded if (grade == 3) == high], dtype=float)


def speed(model: classifiers.Model) -> dict[str, Any]:
    """Milliseconds a message, messages a second through JSON lines, and scikit-learn's pipeline as ratio."""
    rows = read_corpus()
    messages = [(row.text, row.subject) for row in rows][:1000]
    vectors = vectorizer()
    vectors.fit([prepare(row.text, row.subject) for row in rows])
    weights = model.artifact.weights[: sum(len(v.vocabulary_) for _, v in vectors.transformer_list)].astype(
        np.float64
    )
    lean = times(lambda text, subject: model.scores(model.margins(prepare(text, subject)), "en"), messages)
    whole = times(model.classify, messages)
    slow = times(lambda text, subject: vectors.transform([prepare(text, subject)]) @ weights, messages[:300])
    lines = [
        json.dumps({"id": at, "text": text, "subject": subject})
        for at, (text, subject) in enumerate(messages)
    ]
    start = time.perf_counter()
    classifiers.classify_lines(model, lines, io.StringIO())
    return {
        "mean_chars": round(float(np.mean([len(text) for text, _ in messages]))),
        "lean_ms": round(float(np.mean(lean)), 3),
        "classify_ms": round(float(np.mean(whole)), 3),
        "classify_p95_ms": round(float(np.percentile(whole, 95)), 3),
        "sklearn_ms": round(float(np.mean(slow)), 3),
        "ratio": round(float(np.mean(slow) / np.mean(lean)), 1),
        "mail_ms": round(float(np.median(times(model.classify, [(MAIL, "Order 1234")] * 200))), 3),
        "lines_per_second": round(len(lines) / (time.perf_counter() - start)),
    }


def times(ask: Callable[[str, str], object], messages: Sequence[tuple[str, str]]) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for text, subject in messages:
        start = time.perf_counter()
        ask(text, subject)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


if __name__ == "__main__":
    main()

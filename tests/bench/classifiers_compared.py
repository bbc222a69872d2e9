"""Features and heads beside each other: what the built-in model was chosen from.

    python tests/bench/classifiers_compared.py

Each combination learns one-vs-rest from the corpus. Figures are the share of messages whose best tag is right: on rows
of the corpus that were held out (ja, en) and on the sets of the measuring data folder (HELPDESK_SHARED, default
../shared), if it is there. The sets are read for this table only; nothing is learned or tuned from them.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

import classifiers
from classifiers import features
from classifiers.text import prepare
from classifiers.training import SEED, fold_numbers, head_regression, known_tags, targets, vectorizer

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
FOLDS = 5

Vectors = TfidfVectorizer | FeatureUnion
VECTORS: dict[str, Callable[[], Vectors]] = {
    "characters 1–4": lambda: TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), min_df=2, max_features=60_000, sublinear_tf=True
    ),
    "words 1–2": lambda: TfidfVectorizer(analyzer=features.analyze_words, min_df=2, sublinear_tf=True),
    "words, scikit-learn's own": lambda: TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
    "union (built in)": vectorizer,
}
HEADS: dict[str, Callable[[], Any]] = {
    "logistic (built in)": head_regression,
    "linear SVC": lambda: LinearSVC(C=0.5, class_weight="balanced", dual=True, tol=0.1, random_state=SEED),
    "SGD": lambda: SGDClassifier(
        loss="log_loss", alpha=1e-5, class_weight="balanced", random_state=SEED, tol=1e-3
    ),
    "complement NB": lambda: ComplementNB(alpha=0.3),
}


def main() -> None:
    rows = [row for row in classifiers.read_corpus() if row.whole]
    tags = known_tags(rows)
    y = targets(rows, tags)[:, : len(tags)]
    folds = fold_numbers(rows, FOLDS)
    foreign = read_foreign()
    print("| features | head | ja | en |", " | ".join(foreign), "| seconds |")
    print("|---|---|---|---|" + "---|" * (len(foreign) + 1))
    for features_name, make_vectors in VECTORS.items():
        vectors = make_vectors()
        x = vectors.fit_transform([prepare(row.text, row.subject) for row in rows])
        for head_name, make_head in HEADS.items():
            started = time.process_time()
            held = held_out(x, y, folds, make_head)
            own = [right(held, rows, tags, lang) for lang in ("ja", "en")]
            heads = fit(x, y, make_head)
            there = [
                foreign_right(margins(vectors.transform(texts), heads), accepted, tags)
                for texts, accepted in foreign.values()
            ]
            figures = " | ".join(f"{one:.3f}" for one in (*own, *there))
            print(f"| {features_name} | {head_name} | {figures} | {time.process_time() - started:.0f} |")


def read_foreign() -> dict[str, tuple[list[str], list[list[str]]]]:
    """Prepared texts and the accepted tags of each set's clear rows."""
    folder = SHARED / "data" / "text" / "dev"
    found = {}
    for file in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.open(encoding="utf-8")]
        rows = [row for row in rows if row.get("strict") and row.get("accept") not in (None, ["NONE"])]
        if rows:
            found[file.stem] = ([prepare(row["text"], "") for row in rows], [row["accept"] for row in rows])
    return found


def fit(x: Any, y: NDArray[np.int8], make: Callable[[], Any]) -> list[Any]:
    return [make().fit(x, y[:, at]) for at in range(y.shape[1])]


def margins(x: Any, heads: Sequence[Any]) -> NDArray[np.float64]:
    columns = []
    for head in heads:
        if hasattr(head, "decision_function"):
            columns.append(head.decision_function(x))
        else:
            sure = head.predict_log_proba(x)
            columns.append(sure[:, 1] - sure[:, 0])
    return np.column_stack(columns)


def held_out(
    x: Any, y: NDArray[np.int8], folds: NDArray[np.int64], make: Callable[[], Any]
) -> NDArray[np.float64]:
    found = np.zeros(y.shape)
    for number in range(FOLDS):
        held = folds == number
        found[held] = margins(x[held], fit(x[~held], y[~held], make))
    return found


def right(
    found: NDArray[np.float64], rows: Sequence[classifiers.Row], tags: Sequence[str], lang: str
) -> float:
    hits = [
        tags[int(best)] in row.tags
        for row, best in zip(rows, found.argmax(axis=1), strict=True)
        if row.tags and row.lang == lang
    ]
    return float(np.mean(hits))


def foreign_right(
    found: NDArray[np.float64], accepted: Sequence[Sequence[str]], tags: Sequence[str]
) -> float:
    return float(
        np.mean([tags[int(best)] in one for best, one in zip(found.argmax(axis=1), accepted, strict=True)])
    )


if __name__ == "__main__":
    main()

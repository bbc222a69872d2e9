"""How soon a shop's own corrections help: the built-in corpus, then 50 and 100 labels of a shop it has never seen.

    PYTHONPATH=. python tests/bench/learning.py

The labels are the rows that the model is least sure of, as an agent meets them in the queue of the untagged; they
weigh five times a row of the corpus. Figures are the share of the shop's other messages whose best tag is right. The
shops' rows stand in the measuring data folder (HELPDESK_SHARED, default ../shared).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import classifiers
from classifiers.evaluate import calibration_error
from tests.bench.aims import least, show

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
SHOPS = ("hint3_curekart", "hint3_sofmattress")
STEPS = (0, 50, 100)
WEIGHT = 5.0
WANTED = {("hint3_curekart", 50): least(0.84), ("hint3_curekart", 100): least(0.89)}


def main() -> None:
    for shop in SHOPS:
        file = SHARED / "data" / "text" / "dev" / f"{shop}.jsonl"
        if not file.exists():
            print(f"{shop}: skipped, no measuring data folder (HELPDESK_SHARED)")
            continue
        rows = [json.loads(line) for line in file.open(encoding="utf-8")]
        curve(shop, [row for row in rows if row.get("strict") and row.get("accept") not in (None, ["NONE"])])


def curve(shop: str, rows: Sequence[dict[str, object]]) -> None:
    """Prints accuracy on the even rows; labels are taken from the odd ones."""
    pool, held = list(rows[1::2]), rows[::2]
    own: list[classifiers.Row] = []
    for wanted in STEPS:
        started = time.process_time()
        if len(own) < wanted:
            pool.sort(key=lambda row: margin(model, str(row["text"])))
            own += [labelled(row) for row in pool[: wanted - len(own)]]
            known = {row.text for row in own}
            pool = [row for row in pool if row["text"] not in known]
        model = classifiers.train([*classifiers.read_corpus(), *own])
        answers = [(list(row["accept"]), model.classify(str(row["text"]))) for row in held]  # type: ignore[call-overload]
        right = np.array([answer.ranked[0].tag in accept for accept, answer in answers])
        sure = np.array([answer.ranked[0].score for _, answer in answers])
        shown = [answer.tags[0].tag in accept for accept, answer in answers if answer.tags]
        show(f"{shop}: {len(own)} labels", float(right.mean()), WANTED.get((shop, wanted)))
        show("  calibration error", calibration_error(sure, right), None)
        show("  shown", len(shown) / len(held), None)
        show("  precision of shown", sum(shown) / max(len(shown), 1), None)
        show("  labels and learning", time.process_time() - started, None, "s")


def labelled(row: dict[str, object]) -> classifiers.Row:
    accepted = list(row["accept"])  # type: ignore[call-overload]
    return classifiers.Row(str(row["text"]), str(row["lang"]), (str(accepted[0]),), weight=WEIGHT)


def margin(model: classifiers.Model, text: str) -> float:
    best, second = model.classify(text).ranked[:2]
    return best.score - second.score


if __name__ == "__main__":
    main()

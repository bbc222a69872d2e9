"""How right the built-in classifier is, each figure with its aim: on sets that others wrote, on corpus rows held out.

    PYTHONPATH=. python tests/bench/classify.py

The sets stand in the measuring data folder, given by HELPDESK_SHARED (default ../shared).
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import classifiers
from classifiers.evaluate import area_under_curve, calibration_error, urgency_figures
from classifiers.judged import figures, judge
from classifiers.rows import read_corpus
from classifiers.trial import is_held_out
from tests.bench.aims import Aim, least, most, show

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
# top-1 and top-3 of the clear rows
RIGHT = {
    "banking77": (0.85, 0.95),
    "bitext": (0.88, 0.96),
    "blind_ja": (0.75, 0.90),
    "clinc150": (0.88, 0.97),
    "dstc11": (0.78, 0.93),
    "hint3_curekart": (0.60, 0.80),
    "hint3_sofmattress": (0.60, 0.78),
}
FURTHER: dict[str, dict[str, Aim]] = {
    "bitext": {"shown": least(0.70), "precision of shown": least(0.90)},
    "blind_ja": {
        "shown": least(0.70),
        "precision of shown": least(0.90),
        "urgency AUC": least(0.92),
        "urgency NDCG@10": least(0.86),
    },
    "clinc150": {"in scope AUROC": least(0.92)},
    "sms_spam": {"top-1": least(0.85), "no tag, but called spam": most(0.03)},
}

Answers = Sequence[classifiers.Classification]


def main() -> None:
    model = classifiers.builtin()
    folder = SHARED / "data" / "text" / "dev"
    if folder.is_dir():
        for file in sorted(folder.glob("*.jsonl")):
            told(file.stem, foreign(model, [json.loads(line) for line in file.open(encoding="utf-8")]))
    else:
        print("foreign sets: skipped, no measuring data folder (HELPDESK_SHARED)")
    held_out()


def told(name: str, found: dict[str, Any]) -> None:
    """One line a figure."""
    first, three = RIGHT.get(name, (None, None))
    aims = {"calibration error": most(0.08), **FURTHER.get(name, {})}
    aims |= {"top-1": least(first), "top-3": least(three)} if first and three else {}
    for figure, value in found.items():
        if figure != "weak":
            show(f"{name}: {figure}", value, aims.get(figure))
    if found["weak"]:
        print(f"  {name}: tags below 0.80, of how many: {json.dumps(found['weak'])}")


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
    found: dict[str, Any] = {
        "messages": len(strict),
        "top-1": float(best.mean()),
        "top-3": float(np.mean([any(t in a for t, _ in c.ranked[:3]) for a, c in strict])),
        "calibration error": calibration_error(sure, best),
        "shown": len(shown) / len(strict),
        "precision of shown": float(np.mean(shown)) if shown else None,
    }
    if none:
        found |= outside(none, [answer for accept, answer in pairs if accept != ["NONE"]])
    by_tag: dict[str, list[bool]] = defaultdict(list)
    for (accept, _), right in zip(strict, best, strict=True):
        if len(accept) == 1:
            by_tag[accept[0]].append(bool(right))
    weak = {tag: [round(float(np.mean(hits)), 2), len(hits)] for tag, hits in by_tag.items()}
    return {
        **found,
        **urgency(rows, answers),
        "weak": {tag: two for tag, two in weak.items() if two[0] < 0.8},
    }


def outside(none: Answers, inside: Answers) -> dict[str, float | None]:
    """What it makes of messages that none of the tags fits."""
    best = [np.array([answer.ranked[0].score for answer in answers]) for answers in (inside, none)]
    return {
        "in scope AUROC": area_under_curve(*best),
        "no tag, but shown one": float(np.mean([bool(answer.tags) for answer in none])),
        "no tag, but called spam": float(np.mean([any(t == "spam" for t, _ in c.tags) for c in none])),
    }


def urgency(rows: Sequence[dict[str, Any]], answers: Answers) -> dict[str, float | None]:
    """Ranking of grade 3 against the rest, beside chance, text length and order of arrival; empty without grades."""
    graded = [
        (row["meta"]["urgency"], len(row["text"]), answer)
        for row, answer in zip(rows, answers, strict=True)
        if "urgency" in (row.get("meta") or {})
    ]
    if not graded:
        return {}
    high = np.array([grade == 3 for grade, _, _ in graded])
    ways = {
        "urgency AUC": [answer.urgency.score for _, _, answer in graded],
        "(AUC of text length)": [length for _, length, _ in graded],
        "(AUC of first come first served)": range(len(graded), 0, -1),
        "(AUC of chance)": [0] * len(graded),
    }
    scores = {name: np.array(values, dtype=float) for name, values in ways.items()}
    grades = [classifiers.Row("", "ja", (), urgency=grade) for grade, _, _ in graded]
    return {
        **{name: area_under_curve(values[high], values[~high]) for name, values in scores.items()},
        "urgency NDCG@10": urgency_figures(grades, [answer for _, _, answer in graded])["ndcg"],
    }


def held_out() -> None:
    """A model of four fifths of the corpus on the fifth that it has not seen; most rows are hard on purpose."""
    rows = read_corpus()
    unseen = [row for row in rows if is_held_out(row)]
    judged = judge(classifiers.train(row for row in rows if not is_held_out(row)), unseen)
    for lang, found in figures(judged).items():
        ordinary = found["ordinary"]
        show(f"corpus held out, {lang}: rows", found["n"])
        for name, figure in (("top-1", "top1"), ("top-3", "top3"), ("calibration error", "ece")):
            show(f"corpus held out, {lang}: {name}", found[figure])
        show(f"ordinary rows held out, {lang}: rows", ordinary["n"])
        show(f"ordinary rows held out, {lang}: top-1", ordinary["top1"])
    sure = [(one.answer.ranked[0].score, one.right()) for one in judged if one.row.typical and one.row.tags]
    scores, right = (np.array(values) for values in zip(*sure, strict=True))
    show("ordinary rows held out: calibration error", calibration_error(scores, right), most(0.05))
    ranked = urgency_figures(unseen, [one.answer for one in judged])
    show("corpus held out: urgency AUC", ranked["auc"])
    show("corpus held out: urgency NDCG@10", ranked["ndcg"])


if __name__ == "__main__":
    main()

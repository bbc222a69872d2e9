"""Does the gate keep out what bad teachers teach? Teams of a shop teach it right, carelessly or with ill will.

    python tests/bench/gate.py [NAME …]

The shop's rows (bitext) stand in the measuring data folder (HELPDESK_SHARED, default ../shared). The team's labels are
made from every other row; what came of it is measured on the rest, with the labels as they are. What the gate itself
is shown contains the team's own labels, wrong ones too, as in service.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from classifiers import TAG_IDS, Row, read_corpus
from classifiers.judged import Judged, judge
from classifiers.trial import compare, learn, seen
from helpdesk.triage import promotion

SHARED = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
SET = SHARED / "data" / "text" / "dev" / "bitext.jsonl"
TAUGHT, WEIGHT, SEED = 400, 5.0, 7


def careless(share: float) -> Callable[[random.Random, Row], Row]:
    """So many labels name another tag."""

    def teach(dice: random.Random, row: Row) -> Row:
        return replace(row, tags=(dice.choice(TAG_IDS),)) if dice.random() < share else row

    return teach


def without(tag: str) -> Callable[[random.Random, Row], Row]:
    """One agent takes this tag off wherever it stands."""

    def teach(dice: random.Random, row: Row) -> Row:
        return replace(row, tags=(), denied=(tag,)) if tag in row.tags else row

    return teach


def always(tag: str) -> Callable[[random.Random, Row], Row]:
    return lambda dice, row: replace(row, tags=(tag,))


TEAMS: dict[str, Callable[[random.Random, Row], Row]] = {
    "right": careless(0.0),
    "1 of 10 wrong": careless(0.1),
    "3 of 10 wrong": careless(0.3),
    "all at random": careless(1.0),
    "takes refund off": without("refund"),
    "takes cancel off": without("cancel_order"),
    "calls all order_status": always("order_status"),
}


def main(names: Sequence[str]) -> None:
    if not SET.exists():
        print("skipped, no measuring data folder (HELPDESK_SHARED)")
        return
    shop = shop_rows()
    taught, others = random.Random(SEED).sample(shop[1::2], TAUGHT), shop[::2]
    corpus = read_corpus()
    before = learn(seen(corpus))
    print(f"{len(corpus)} rows of the corpus, {TAUGHT} of the team, {len(others)} to see what came of it")
    was = judge(before, others)
    print(f"{'before':24} {told(was)}")
    for name in names or TEAMS:
        dice, began = random.Random(SEED), time.process_time()
        own = [TEAMS[name](dice, row) for row in taught]
        model = learn(seen([*corpus, *own]))
        objections = promotion.decide(compare(before, model, corpus, own))
        said = ", ".join(f"{one.kind or one.language} {one.tag} -{one.lost} +{one.won}" for one in objections)
        verdict = f"refused: {said}" if said else "serves"
        print(
            f"{name:24} {told(judge(model, others))}  {verdict}  ({time.process_time() - began:.0f} s)",
            flush=True,
        )


def shop_rows() -> list[Row]:
    rows = [json.loads(line) for line in SET.open(encoding="utf-8")]
    fit = [row for row in rows if row.get("strict") and row.get("accept") not in (None, ["NONE"])]
    return [Row(row["text"], row["lang"], (row["accept"][0],), weight=WEIGHT) for row in fit]


def told(judged: Sequence[Judged]) -> str:
    refund = [one for one in judged if "refund" in one.row.tags]
    hits = sum(one.right() for one in judged) / len(judged)
    shown = sum(one.helps() for one in refund) / len(refund)
    return f"right {hits:.3f}, refund shown {shown:.2f} of {len(refund)}"


if __name__ == "__main__":
    main(sys.argv[1:])

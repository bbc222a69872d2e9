"""How good a brand's own tag is that its team has put on ten messages.

    python tests/bench/own_tags.py

Ten examples a language teach each tag (tests/classifiers/data/own_tags.jsonl, our own writing); it is asked about
fifteen others that want it and fifteen that are close and do not, and about every held-out row of the corpus.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from classifiers import Row, read_corpus
from classifiers.model import Model
from classifiers.trial import is_held_out, learn, seen

FILE = Path(__file__).resolve().parents[1] / "classifiers" / "data" / "own_tags.jsonl"
WEIGHT = 5.0


def main() -> None:
    told = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    corpus = read_corpus()
    for tag in sorted({one["tag"] for one in told}):
        for teaching in (["ja"], ["en"], ["ja", "en"]):
            began = time.process_time()
            here = [one for one in told if one["tag"] == tag]
            taught = [one for one in here if one["use"] == "teach" and one["lang"] in teaching]
            own = [Row(one["text"], one["lang"], (tag,), weight=WEIGHT, denied=()) for one in taught]
            model = learn([*seen(corpus), *own])
            for lang in teaching:
                asked = [one for one in here if one["lang"] == lang and one["use"] != "teach"]
                print(f"{tag:10} {'+'.join(teaching):6} {lang} {line(model, tag, asked)}", flush=True)
            false = [row.text for row in corpus if is_held_out(row) and tag in shown(model, row.text)]
            took, threshold = time.process_time() - began, model.artifact.meta["thresholds"][tag]
            print(
                f"  threshold {threshold:.2f}, {len(false)} held-out rows of the corpus ({took:.0f} s)",
                flush=True,
            )
            for text in false[:4]:
                print(f"    {text[:100]!r}")


def line(model: Model, tag: str, asked: Sequence[dict[str, str]]) -> str:
    wanted = [one for one in asked if one["use"] == "ask"]
    found = [one for one in asked if tag in shown(model, one["text"])]
    hits = sum(one["use"] == "ask" for one in found)
    near = sum(tag in [one.tag for one in model.classify(one["text"]).ranked[:3]] for one in wanted)
    precision = f"{hits / len(found):.2f}" if found else "-"
    return f"recall {hits / len(wanted):.2f}, among the first three {near / len(wanted):.2f}, precision {precision}"


def shown(model: Model, text: str) -> set[str]:
    return {one.tag for one in model.classify(text).tags}


if __name__ == "__main__":
    main()

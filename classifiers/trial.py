"""`python -m classifiers.trial FOLDER`: trains a model of the corpus and a team's rows, and tells what that changed.

In the folder stand `known.jsonl` (what the model in use could learn from) and `own.jsonl` (what is known now).
It writes `model.npz` and `result.json` there, and says on standard output how far it is, one number a line.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classifiers import apart, artifact
from classifiers.build import code_version
from classifiers.judged import Judged, agreement, changes, figures, judge
from classifiers.model import Model
from classifiers.rows import CORPUS, Row, corpus_hash, read_corpus, read_rows

HELD_OUT = 5  # every so many-th text is kept from the models that are compared
FOLDS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    return apart.main(run, "classifiers.trial", __doc__, arguments)


def run(folder: Path, corpus: Path = CORPUS) -> None:
    """Two models without the held-out rows say what the new rows are worth; the one that may serve learns from all."""
    seeds = read_corpus(corpus)
    known, own = (list(read_rows(folder / f"{name}.jsonl")) for name in ("known", "own"))
    _tell(5)
    before = learn(seen([*seeds, *known]))
    _tell(30)
    result = compare(before, learn(seen([*seeds, *own])), seeds, own)
    _tell(55)
    data = hashlib.sha256(f"{corpus_hash(corpus)} {_hash(own)}".encode()).hexdigest()
    model = learn([*seeds, *own], data)
    artifact.save(model.artifact, folder / "model.npz")
    _tell(95)
    artifact.load(folder / "model.npz")
    result |= {
        "rows": len(seeds) + len(own),
        "own_rows": len(own),
        "data_hash": data,
        "tags": list(model.tags),
    }
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    _tell(100)


def compare(before: Model, after: Model, seeds: Sequence[Row], own: Sequence[Row]) -> dict[str, Any]:
    """What the gate goes by: both models on the held-out rows, those of the corpus also by themselves."""
    neutral, theirs = ([row for row in rows if is_held_out(row)] for rows in (seeds, own))
    old, new = (_judge(model, neutral, theirs) for model in (before, after))
    return {
        "figures": figures(new),
        "before": figures(old),
        "changes": changes(old, new),
        "neutral": changes(old[: len(neutral)], new[: len(neutral)]),
        "team": agreement(new[len(neutral) :]),
        "sure": agreement([one for one in old[len(neutral) :] if one.answer.tags]),
    }


def _judge(model: Model, neutral: Sequence[Row], theirs: Sequence[Row]) -> list[Judged]:
    """The corpus is not asked in the shop's mix."""
    return [*judge(Model(model.artifact.without_mix()), neutral), *judge(model, theirs)]


def is_held_out(row: Row) -> bool:
    """By the words alone: the same text never stands on both sides, and stays where it was as rows are added."""
    return hashlib.sha256(f"{row.subject}\n{row.text}".encode("utf-8", "replace")).digest()[0] % HELD_OUT == 0


def seen(rows: Sequence[Row]) -> list[Row]:
    """What the models that are compared may learn from."""
    return [row for row in rows if not is_held_out(row)]


def learn(rows: Sequence[Row], data_hash: str = "") -> Model:
    """A model of these rows, as it would serve."""
    # scikit-learn takes a second to import; whoever reads this module's rules must not pay for it.
    from classifiers.training import fit

    return Model(fit(rows, folds=FOLDS, data_hash=data_hash, code_version=code_version()))


def _hash(rows: Sequence[Row]) -> str:
    lines = "\n".join(json.dumps(row.as_json(), sort_keys=True) for row in rows)
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


def _tell(percent: int) -> None:
    sys.stdout.write(f"{percent}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

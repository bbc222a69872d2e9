"""`python -m classifiers.trial FOLDER`: trains a model of the corpus and a team's rows, and tells what that changed.

In the folder stand `known.jsonl` (what the model in use could learn from) and `own.jsonl` (what is known now).
It writes `model.npz` and `result.json` there, and says on standard output how far it is, one number a line.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classifiers import ArtifactRefused, artifact
from classifiers.build import code_version
from classifiers.judged import agreement, changes, figures, judge
from classifiers.model import Model
from classifiers.rows import CORPUS, BadRow, Row, corpus_hash, read_corpus, read_rows

HELD_OUT = 5  # every so many-th text is kept from the models that are compared
FOLDS, QUICK_FOLDS = 3, 2
NICE = 10
ORPHANED = 3  # exit code


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the result stands, 1 with one line on stderr when there is none."""
    parser = argparse.ArgumentParser(prog="python -m classifiers.trial", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument(
        "--leashed", action="store_true", help="end, and leave nothing, when standard input ends"
    )
    given = parser.parse_args(arguments)
    os.nice(NICE)
    if given.leashed:
        threading.Thread(target=_end_with_input, args=(given.folder,), daemon=True).start()
    try:
        run(given.folder, given.corpus)
    except (BadRow, ArtifactRefused, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(folder: Path, corpus: Path = CORPUS) -> None:
    """Two models without the held-out rows say what the new rows are worth; the one that may serve learns from all."""
    seeds = read_corpus(corpus)
    known, own = (list(read_rows(folder / f"{name}.jsonl")) for name in ("known", "own"))
    _tell(5)
    neutral, theirs = ([row for row in rows if is_held_out(row)] for rows in (seeds, own))
    unseen = [*neutral, *theirs]
    before = judge(_fit(_seen([*seeds, *known]), QUICK_FOLDS), unseen)
    _tell(30)
    after = judge(_fit(_seen([*seeds, *own]), QUICK_FOLDS), unseen)
    _tell(55)
    data = hashlib.sha256(f"{corpus_hash(corpus)} {_hash(own)}".encode()).hexdigest()
    model = _fit([*seeds, *own], FOLDS, data)
    artifact.save(model.artifact, folder / "model.npz")
    _tell(95)
    artifact.load(folder / "model.npz")
    result: dict[str, Any] = {
        "rows": len(seeds) + len(own),
        "own_rows": len(own),
        "data_hash": data,
        "tags": list(model.tags),
        "figures": figures(after),
        "before": figures(before),
        "changes": changes(before, after),
        "neutral": changes(before[: len(neutral)], after[: len(neutral)]),
        "team": agreement(after[len(neutral) :]),
    }
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    _tell(100)


def _end_with_input(folder: Path) -> None:
    """Whoever asked for the model has died: nobody wants it, and the rows are customers' words."""
    os.read(sys.stdin.fileno(), 1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(ORPHANED)


def is_held_out(row: Row) -> bool:
    """By the words alone: the same text never stands on both sides, and stays where it was as rows are added."""
    return hashlib.sha256(f"{row.subject}\n{row.text}".encode("utf-8", "replace")).digest()[0] % HELD_OUT == 0


def _seen(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not is_held_out(row)]


def _fit(rows: Sequence[Row], folds: int, data_hash: str = "") -> Model:
    # scikit-learn takes a second to import; whoever reads this module's rules must not pay for it.
    from classifiers.training import fit

    return Model(fit(rows, folds=folds, data_hash=data_hash, code_version=code_version()))


def _hash(rows: Sequence[Row]) -> str:
    lines = "\n".join(json.dumps(row.as_json(), sort_keys=True) for row in rows)
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


def _tell(percent: int) -> None:
    sys.stdout.write(f"{percent}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""How well moods and risks are told, on messages labelled by hand that are not in the corpus.

PYTHONPATH=. python tests/bench/risks.py
"""

from __future__ import annotations

from collections.abc import Sequence

import classifiers
from classifiers.risks import THREATS
from helpdesk.triage.words import tells_of_harm
from tests.classifiers.labelled_risks import BLIND, LANGUAGES, UNHAPPY, Figures, Labelled, figures, read


def main() -> None:
    model = classifiers.builtin()
    for lang in LANGUAGES:
        for part in ("", *BLIND):
            measure(model, read(lang, part), f"{lang}, {part or 'looked at'}")


def measure(model: classifiers.Model, rows: Sequence[Labelled], name: str) -> None:
    found = [model.classify(row.text) for row in rows]
    codes = [{reason.code for reason in one.urgency.reasons} for one in found]
    moods = [(row.sentiment, one.sentiment) for row, one in zip(rows, found, strict=True)]
    right = sum(wanted == told for wanted, told in moods) / len(rows)
    print(f"{name}: {len(rows)} messages, mood right {right:.2f}")
    for kind in ("positive", "angry", "threat"):
        show(f"mood {kind}", figures((wanted == kind, told == kind) for wanted, told in moods))
    show("mood unhappy", figures((wanted in UNHAPPY, told in UNHAPPY) for wanted, told in moods))
    for kind in THREATS:
        pairs = zip(rows, codes, strict=True)
        show(f"risk {kind}", figures((kind in row.risks, f"cue:{kind}" in said) for row, said in pairs))
    harm = [
        tells_of_harm(said, [tag.tag for tag in one.tags]) for said, one in zip(codes, found, strict=True)
    ]
    show("harm", figures(("safety" in row.risks, told) for row, told in zip(rows, harm, strict=True)))


def show(name: str, found: Figures) -> None:
    print(
        f"  {name:16} precision {found.precision:.2f} recall {found.recall:.2f} ({found.wanted} in the set)"
    )


if __name__ == "__main__":
    main()

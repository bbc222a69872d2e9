"""`python -m classifiers.lint`: doubles, contradictions, thin tags and likely mislabels in the corpus."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from classifiers.language import LANGUAGES
from classifiers.rows import BadRow, Row, read_corpus
from classifiers.tags import TAG_IDS
from classifiers.text import prepare
from classifiers.training import fold_numbers, known_tags, out_of_fold, targets, vectorizer

ENOUGH = 40
_SURELY_OTHER = 2.0
_FOLDS = 5


class Finding(NamedTuple):
    """One thing to look at: `duplicate`, `contradiction`, `unknown_tag`, `thin` or `suspect`."""

    kind: str
    text: str


def main() -> int:
    """Prints every finding; exit code 1 when one of them must be mended."""
    try:
        rows = read_corpus()
    except BadRow as error:
        sys.stderr.write(f"classifiers.lint: {error}\n")
        return 1
    must = faults(rows) + thin_tags(rows)
    for finding in must + (suspects(rows) if rows else []):
        sys.stdout.write(f"{finding.kind}: {finding.text}\n")
    sys.stdout.write(f"{len(rows)} rows, {len(must)} to mend\n")
    return 1 if must else 0


def faults(rows: Sequence[Row]) -> list[Finding]:
    """Doubles, equal texts with unequal labels and tags outside the list."""
    same: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        same[row.lang, _compared(row)].append(row)
    found = []
    for group in same.values():
        if len(group) > 1:
            contradicts = len({frozenset(row.tags) for row in group}) > 1
            labels = " / ".join(",".join(row.tags) or "none" for row in group)
            found.append(
                Finding("contradiction" if contradicts else "duplicate", f"{group[0].text!r} ({labels})")
            )
    unknown = {tag for row in rows for tag in row.tags} - set(TAG_IDS)
    return found + [Finding("unknown_tag", tag) for tag in sorted(unknown)]


def _compared(row: Row) -> str:
    """The prepared text, in which numbers are alike; bare numbers are compared as written."""
    prepared = prepare(row.text, row.subject).strip()
    return prepared if any(char.isalpha() for char in prepared) else row.text.strip()


def coverage(rows: Sequence[Row]) -> Counter[tuple[str, str]]:
    """Rows for each tag (`none` for rows without) and language."""
    return Counter((tag, row.lang) for row in rows for tag in (row.tags or ("none",)))


def thin_tags(rows: Sequence[Row], enough: int = ENOUGH) -> list[Finding]:
    """Tags with too few rows in a language."""
    counts = coverage(rows)
    return [
        Finding("thin", f"{tag} has {counts[tag, lang]} rows in {lang}, wanted {enough}")
        for tag in (*TAG_IDS, "none")
        for lang in LANGUAGES
        if counts[tag, lang] < enough
    ]


def suspects(rows: Sequence[Row]) -> list[Finding]:
    """Rows whose label a model that has not seen them finds far less likely than another."""
    tags = known_tags(rows)
    x = csr_matrix(vectorizer().fit_transform([prepare(row.text, row.subject) for row in rows]))
    y = targets(rows, tags)[:, : len(tags)]
    margins = out_of_fold(x, y, np.ones(len(rows)), fold_numbers(rows, _FOLDS))
    found = []
    for row, own in zip(rows, margins, strict=True):
        best = int(own.argmax())
        labelled = max((own[tags.index(tag)] for tag in row.tags), default=0.0)
        if tags[best] not in row.tags and own[best] - labelled > _SURELY_OTHER:
            found.append(
                Finding("suspect", f"{','.join(row.tags) or 'none'} or {tags[best]}? {row.text[:80]!r}")
            )
    return found


if __name__ == "__main__":
    sys.exit(main())

from __future__ import annotations

from pathlib import Path

import pytest

import classifiers
from classifiers.rows import Row, corpus_files, read_corpus

PER_TAG = 8


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    """A few corpus rows of each tag and language: enough to learn something, quick to learn from."""
    assert corpus_files(), "the corpus is missing"
    taken: dict[tuple[str, str], int] = {}
    few = []
    for row in read_corpus():
        label = (row.tags[0] if row.tags else "none", row.lang)
        taken[label] = taken.get(label, 0) + 1
        if taken[label] <= PER_TAG:
            few.append(row)
    return few


@pytest.fixture(scope="session")
def model(rows: list[Row]) -> classifiers.Model:
    return classifiers.train(rows, folds=3)


@pytest.fixture
def stored(model: classifiers.Model, tmp_path: Path) -> Path:
    file = tmp_path / "model.npz"
    classifiers.save(model, file)
    return file

from __future__ import annotations

import json
from pathlib import Path

import pytest

import classifiers
from classifiers.build import build
from classifiers.rows import Row


@pytest.fixture
def corpus(rows: list[Row], tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [json.dumps({"text": row.text, "lang": row.lang, "tags": list(row.tags)}) for row in rows[:160]]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_an_unchanged_corpus_is_not_trained_again(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.npz"
    assert build(corpus, file)
    assert not build(corpus, file)


def test_a_changed_corpus_is_trained_again(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.npz"
    build(corpus, file)
    (corpus / "b.jsonl").write_text('{"text": "one more", "tags": ["spam"]}', encoding="utf-8")
    assert build(corpus, file)


def test_two_builds_give_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.npz", tmp_path / "2.npz"
    build(corpus, first)
    build(corpus, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_missing_built_in_model_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifiers, "BUILTIN", tmp_path / "model.npz")
    classifiers.builtin.cache_clear()
    with pytest.raises(classifiers.ModelMissing, match=r"run: python -m classifiers\.build"):
        classifiers.builtin()

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import classifiers
from classifiers.build import build
from classifiers.rows import Row
from classifiers.unseen import out_of_fold_figures

TAGS = ("refund", "spam")
LEAST = {"refund": 0.5, "spam": 0.5}


def test_scores_are_read_as_the_model_itself_would_show_them() -> None:
    rows = [Row("money back", "en", ("refund",)), Row("buy now", "en", ("spam",)), Row("hello", "en", ())]
    scores = np.array([[0.9, 0.1], [0.7, 0.2], [0.1, 0.8]])
    told = out_of_fold_figures(rows, scores, TAGS, LEAST)["en"]
    assert (told["n"], told["top1"], told["shown"]) == (3, 0.5, 1.0)
    refund, spam = told["per_tag"]["refund"], told["per_tag"]["spam"]
    assert (refund["n"], refund["shown"], refund["hits"]) == (1, 2, 1)
    assert (spam["n"], spam["shown"], spam["hits"], spam["recall"]) == (1, 1, 0, 0.0)
    assert told["confusions"] == [{"wanted": "spam", "said": "refund", "n": 1}]


def test_ordinary_messages_are_counted_apart() -> None:
    rows = [
        Row("a", "en", ("refund",), typical=True),
        Row("b", "en", ("refund",)),
        Row("c", "en", ("spam",), weight=5),
    ]
    scores = np.array([[0.9, 0.1], [0.2, 0.6], [0.3, 0.95]])
    told = out_of_fold_figures(rows, scores, TAGS, LEAST)["en"]
    assert (told["top1"], told["ordinary"]["n"], told["ordinary"]["top1"]) == (0.6667, 2, 1.0)
    assert [one["n"] for one in told["ordinary"]["curve"]] == [2]


def test_a_built_model_carries_its_figures(rows: list[Row], tmp_path: Path) -> None:
    lines = [json.dumps({"text": row.text, "lang": row.lang, "tags": list(row.tags)}) for row in rows[:160]]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    build(tmp_path, tmp_path / "model.npz")
    metrics = classifiers.load(tmp_path / "model.npz").artifact.meta["metrics"]
    assert sum(part["n"] for part in metrics["figures"].values()) == 160
    tagged = {lang: sum(bool(row.tags) for row in rows[:160] if row.lang == lang) for lang in ("ja", "en")}
    right = sum(tagged[lang] * metrics["figures"][lang]["top1"] for lang in tagged if tagged[lang])
    assert abs(right / sum(tagged.values()) - metrics["top1"]) < 0.001


def test_the_builtin_model_was_measured_in_both_languages() -> None:
    figures = classifiers.builtin().artifact.meta["metrics"]["figures"]
    for language in ("ja", "en"):
        assert {"refund", "order_status"} <= set(figures[language]["per_tag"])
        assert figures[language]["ordinary"]["n"] >= 300
        assert figures[language]["ordinary"]["ece"] <= 0.05

"""A shop's own tag from ten messages in each language (tests/bench/own_tags.py measures it beside the whole corpus)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classifiers import Model, Row, read_corpus
from classifiers.training import fit

TAGS = ("engraving", "repair")
BESIDE = {"change_order", "damaged_item", "order_status", "product_question"}
DATA = Path(__file__).parent / "data" / "own_tags.jsonl"
TOLD = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def model() -> Model:
    """Of a part of the corpus that is quick to learn, and the ten."""
    taken: dict[tuple[str, ...], int] = {}
    rows = []
    for row in read_corpus():
        label = (row.lang, str(row.typical), *row.tags[:1])
        taken[label] = taken.get(label, 0) + 1
        if taken[label] <= 40 and set(row.tags) <= BESIDE:
            rows.append(row)
    own = [
        Row(one["text"], one["lang"], (one["tag"],), weight=5.0, denied=())
        for one in TOLD
        if one["use"] == "teach"
    ]
    return Model(fit([*rows, *own], folds=2))


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("tag", TAGS)
def test_ten_messages_teach_a_tag_to_be_suggested_and_hardly_ever_wrong(
    model: Model, tag: str, lang: str
) -> None:
    here = [one for one in TOLD if one["tag"] == tag and one["lang"] == lang]
    wanted = [model.classify(one["text"]) for one in here if one["use"] == "ask"]
    others = [model.classify(one["text"]) for one in here if one["use"] == "other"]
    suggested = sum(tag in [one.tag for one in answer.ranked[:3]] for answer in wanted)
    shown = sum(tag in [one.tag for one in answer.tags] for answer in wanted)
    wrong = sum(tag in [one.tag for one in answer.tags] for answer in others)
    assert suggested >= 5 and shown >= 2, (suggested, shown)
    assert wrong <= 1

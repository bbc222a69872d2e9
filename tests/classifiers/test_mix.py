"""What a shop is asked how often: how it moves the tags, and that it stays within bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import classifiers
from classifiers import TAG_IDS, Row
from classifiers.mix import LEAST_EVEN, shop_mix
from classifiers.trial import compare, is_held_out

asked = st.dictionaries(st.sampled_from(TAG_IDS), st.integers(1, 2000), min_size=1)


def said(counts: dict[str, int], weight: float = 5.0) -> list[Row]:
    """So many labels of each tag."""
    return [Row("…", "en", (tag,), weight=weight) for tag, n in counts.items() for _ in range(n)]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        said({"refund": 30}, weight=1.0),  # the corpus
        said({"refund": 30}, weight=0.5),  # what the classifier said itself
        said({"engraving": 30}),  # only the brand's own
        [Row("hello", "en", (), weight=5.0)],
    ],
)
def test_without_labels_of_the_shop_nothing_is_moved(rows: list[Row]) -> None:
    assert shop_mix(rows, (*TAG_IDS, "engraving")) == [0.0] * (len(TAG_IDS) + 1)


@given(asked, st.sampled_from(TAG_IDS))
def test_one_more_of_a_tag_never_moves_it_down_nor_another_up(counts: dict[str, int], tag: str) -> None:
    before = shop_mix(said(counts), TAG_IDS)
    after = shop_mix(said({**counts, tag: counts.get(tag, 0) + 1}), TAG_IDS)
    for at, name in enumerate(TAG_IDS):
        if name == tag:
            assert after[at] >= before[at]
        elif counts.get(name):
            assert after[at] <= before[at] or sum(counts.values()) < 100  # few labels are trusted less


@given(asked)
def test_what_was_never_asked_stays_possible(counts: dict[str, int]) -> None:
    moved = shop_mix(said(counts), TAG_IDS)
    assert min(moved) >= 0.5 * np.log(LEAST_EVEN) - 0.001
    assert max(moved) <= 0.5 * np.log(len(TAG_IDS))


def test_a_few_labels_move_less_than_many() -> None:
    few, many = (shop_mix(said({"refund": n}), TAG_IDS)[TAG_IDS.index("refund")] for n in (3, 300))
    assert 0 < few < many


def test_in_doubt_the_tag_that_the_shop_is_asked_more_wins(model: classifiers.Model, rows: list[Row]) -> None:
    doubtful = min(
        (model.classify(row.text) for row in rows if row.lang == "en" and row.tags),
        key=lambda answer: answer.ranked[0].score - answer.ranked[1].score,
    )
    first, second = (one.tag for one in doubtful.ranked[:2])
    text = next(row.text for row in rows if model.classify(row.text) == doubtful)
    assert mixed(model, {second: 40}).classify(text).ranked[0].tag == second
    assert mixed(model, {first: 40}).classify(text).ranked[0].score > doubtful.ranked[0].score


def test_the_corpus_is_not_judged_in_the_shops_mix(model: classifiers.Model, rows: list[Row]) -> None:
    all_spam = [9.0 if tag == "spam" else 0.0 for tag in model.tags]
    other = classifiers.Model(replace(model.artifact, meta={**model.artifact.meta, "mix": all_spam}))
    own = [replace(row, weight=5.0) for row in rows if is_held_out(row) and row.tags][:20]
    result = compare(model, other, rows, own)
    assert all(one["lost"] == one["won"] == 0 for one in result["neutral"].values())
    assert sum(one["lost"] for one in result["changes"].values()) > 0


def mixed(model: classifiers.Model, counts: dict[str, int]) -> classifiers.Model:
    meta = {**model.artifact.meta, "mix": shop_mix(said(counts), model.tags)}
    return classifiers.Model(replace(model.artifact, meta=meta))

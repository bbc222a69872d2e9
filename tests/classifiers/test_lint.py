from __future__ import annotations

import pytest

from classifiers.lint import coverage, faults, suspects, thin_tags
from classifiers.rows import Row, read_corpus


@pytest.fixture(scope="module")
def corpus() -> list[Row]:
    return read_corpus()


def test_the_corpus_has_no_doubles_contradictions_or_unknown_tags(corpus: list[Row]) -> None:
    assert faults(corpus) == []


def test_the_corpus_covers_every_tag_in_both_languages(corpus: list[Row]) -> None:
    assert thin_tags(corpus) == []


def test_every_row_that_a_shop_may_get_has_urgency_and_sentiment(corpus: list[Row]) -> None:
    graded = [row for row in corpus if row.urgency is not None and row.sentiment is not None]
    assert [row.text for row in corpus if row.tags and row not in graded] == []
    assert sum(not row.tags for row in graded) >= 1_000


def test_doubles_and_contradictions_are_found() -> None:
    rows = [
        Row("Order 12", "en", ("refund",)),
        Row("order 34", "en", ("refund",)),
        Row("ORDER 5", "en", ("spam",)),
    ]
    assert [finding.kind for finding in faults(rows[:2])] == ["duplicate"]
    assert [finding.kind for finding in faults(rows)] == ["contradiction"]


def test_bare_numbers_that_differ_are_no_doubles() -> None:
    assert faults([Row("123", "en", ()), Row("456", "en", ())]) == []
    assert len(faults([Row("123", "en", ()), Row("123", "en", ())])) == 1


def test_unknown_tags_are_found() -> None:
    assert [finding.text for finding in faults([Row("a", "en", ("refnud",))])] == ["refnud"]


def test_rows_are_counted_by_tag_and_language() -> None:
    counts = coverage([Row("a", "en", ("refund", "spam")), Row("b", "ja", ())])
    assert (counts["refund", "en"], counts["spam", "en"], counts["none", "ja"], counts["spam", "ja"]) == (
        1,
        1,
        1,
        0,
    )


def test_a_wrong_label_is_suspected(rows: list[Row]) -> None:
    wrong = Row("I want a refund, please refund my money back to my card", "en", ("size_fit",))
    assert any(repr(wrong.text[:20])[1:-1] in finding.text for finding in suspects([*rows, wrong]))

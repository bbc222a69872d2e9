from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.rows import BadRow, corpus_hash, parse_rows, read_corpus, row_of


def test_a_row_is_read_with_its_labels() -> None:
    row = row_of(
        {"text": "返品", "tags": ["return", "return"], "urgency": 1, "sentiment": "neutral", "weight": 5}
    )
    assert (row.tags, row.lang, row.urgency, row.weight) == (("return",), "ja", 1, 5.0)


def test_no_tags_is_a_label_too() -> None:
    assert row_of({"text": "hello", "tags": []}).tags == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1"),
        ("3", "object"),
        ('{"text": " ", "tags": []}', "text"),
        ('{"text": "a"}', "tags"),
        ('{"text": "a", "tags": "refund"}', "tags"),
        ('{"text": "a", "tags": [], "urgency": 4}', "urgency"),
        ('{"text": "a", "tags": [], "sentiment": "sad"}', "sentiment"),
        ('{"text": "a", "tags": [], "harm": "yes"}', "harm"),
        ('{"text": "a", "tags": [], "weight": []}', "line 1"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(line: str, said: str) -> None:
    with pytest.raises(BadRow, match=said):
        list(parse_rows([line], "mine.jsonl"))


def test_of_harm_a_row_knows_what_it_says_and_a_corpus_row_knows_that_there_is_none(tmp_path: Path) -> None:
    assert row_of({"text": "a", "tags": []}).harm is None
    assert row_of({"text": "a", "tags": [], "harm": True}).as_json()["harm"] is True
    (tmp_path / "a.jsonl").write_text(
        '{"text": "a", "tags": []}\n{"text": "b", "tags": [], "harm": true}\n', encoding="utf-8"
    )
    assert [row.harm for row in read_corpus(tmp_path)] == [False, True]


def test_the_hash_follows_the_data(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "a", "tags": []}\n', encoding="utf-8")
    before = corpus_hash(tmp_path)
    assert len(read_corpus(tmp_path)) == 1
    file.write_text('{"text": "b", "tags": []}\n', encoding="utf-8")
    assert corpus_hash(tmp_path) != before

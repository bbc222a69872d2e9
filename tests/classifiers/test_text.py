from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.text import CONSIDERED, join, prepare, prepare_aligned


def test_width_and_case_do_not_matter() -> None:
    assert prepare("ＡＢＣ ﾎﾟｲﾝﾄ") == "abc ポイント"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.example/x?y=1 now", ["see", "zzurl", "now"]),
        ("こちらhttps://a.example/xです", ["こちら", "zzurl", "です"]),
        ("mail Me@Example.com", ["mail", "zzmail"]),
        ("order 12345 and １２", ["order", "0", "and", "0"]),
    ],
)
def test_addresses_and_numbers_are_masked(text: str, expected: list[str]) -> None:
    assert prepare(text).split() == expected


def test_reply_marks_leave_the_subject() -> None:
    assert join("body", "Re: FW: 返信：late parcel") == "late parcel\nbody"


def test_a_subject_of_marks_alone_adds_nothing() -> None:
    assert join("body", "Re: ") == "body"


def test_only_the_first_characters_are_considered() -> None:
    assert len(prepare("あ" * 1_000_000)) == CONSIDERED


@given(st.text(st.characters(), max_size=200))
def test_any_text_is_prepared(text: str) -> None:
    assert isinstance(prepare(text), str)


@given(st.text(st.characters(), max_size=200))
def test_every_prepared_character_knows_its_source(text: str) -> None:
    prepared, ranges = prepare_aligned(text)
    assert len(prepared) == len(ranges)
    assert all(0 <= start < end <= len(text) for start, end in ranges)


@pytest.mark.parametrize("text", ["ｶﾞｷﾞ a@b.co 123", "Straße İ ﬁ ①", "が が e\u0301", "https://a.b/c 返品"])
def test_the_aligned_text_is_the_prepared_text(text: str) -> None:
    assert prepare_aligned(text)[0] == prepare(text)

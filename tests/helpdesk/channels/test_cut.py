from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.channels.cut import cut, utf8, utf16


def test_a_short_text_stays_whole() -> None:
    assert cut("荷物はどこですか。", 5000, utf16) == ["荷物はどこですか。"]


def test_nothing_is_no_message() -> None:
    assert cut(" \n ", 100) == []


def test_it_is_cut_after_a_sentence() -> None:
    assert cut("発送しました。明日届きます。お待ちください。", 16) == [
        "発送しました。明日届きます。",
        "お待ちください。",
    ]


@pytest.mark.parametrize("letter", ["👩‍👩‍👧‍👦", "🇯🇵", "👍🏽", "が", "1️⃣"])
def test_a_character_as_people_see_it_is_never_cut(letter: str) -> None:
    pieces = cut(letter * 40, 23, utf16)
    assert "".join(pieces) == letter * 40
    assert all(len(one) % len(letter) == 0 for one in pieces)


@given(st.text(), st.integers(16, 200), st.sampled_from([len, utf8, utf16]))
def test_pieces_fit_and_nothing_is_lost(text: str, most: int, measure: object) -> None:
    pieces = cut(text, most, measure)  # type: ignore[arg-type]
    assert all(0 < measure(one) <= most for one in pieces)  # type: ignore[operator]
    assert "".join("".join(pieces).split()) == "".join(text.split())

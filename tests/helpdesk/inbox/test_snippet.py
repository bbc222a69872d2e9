"""The piece of a text with the words marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.inbox.snippet import cut, folded_with_places, mark
from helpdesk.store.search import words
from helpdesk.store.search.tokens import fold


def shown(text: str, query: str) -> str:
    return "".join(f"[{part.text}]" if part.hit else part.text for part in cut(text, words(query)))


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("荷物がまだ届きません。", "荷物", "[荷物]がまだ届きません。"),
        ("荷物のｻｲｽﾞ、サイズ変更", "さいず", "荷物の[ｻｲｽﾞ]、[サイズ]変更"),
        ("㍿のﾊﾟﾝﾂ", "ぱんつ", "㍿の[ﾊﾟﾝﾂ]"),
        ("Where is my REFUND?", "refu", "Where is my [REFU]ND?"),
        ("prefund", "refund", ""),
        ("ＨＫ－２０３９１です", "hk-203", "[ＨＫ－２０３]９１です"),
        ("お問い合わせの件", "問合せ", "[お問い合わせ]の件"),
        ("one\n\n  two", "two", "one [two]"),
        ("返品返品", "返品", "[返品返品]"),
        ("nothing here", "返品", ""),
    ],
)
def test_words_are_marked_as_they_are_written(text: str, query: str, expected: str) -> None:
    assert shown(text, query) == expected


def test_a_long_text_is_cut_around_the_first_word() -> None:
    said = shown("まえ" * 60 + "返品" + "あと" * 200, "返品")
    assert said.startswith("…") and said.endswith("…") and "[返品]" in said and len(said) < 130


def test_all_of_a_short_text_is_kept() -> None:
    assert "".join(part.text for part in mark("佐藤 花子", words("花子"))) == "佐藤 花子"


@given(st.text(alphabet="ｶﾞハ\u3099ﾟ㍿ABcé\u0301 返品한글ﬁ", max_size=40))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, places = folded_with_places(text)
    assert len(places) == len(folded) + 1 and places[len(folded)] == len(text)
    assert list(places) == sorted(places)


@given(st.text(alphabet="ｶﾞｻｲｽﾞ㍿ABc 返品ー", max_size=40))
def test_folding_piece_by_piece_gives_what_folding_at_once_gives(text: str) -> None:
    assert folded_with_places(text)[0] == fold(text)

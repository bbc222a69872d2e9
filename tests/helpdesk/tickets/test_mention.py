"""Whom a note calls."""

from __future__ import annotations

import pytest

from helpdesk.tickets.mention import find

NAMES = ["高橋 美咲", "高橋 太郎", "田中 蓮", "Emma Brooks", "Emma Stone", "Bo"]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@田中 蓮 お願いします", ["田中 蓮"]),
        ("@田中蓮さん", ["田中 蓮"]),
        ("＠田中さん、お願いします", ["田中 蓮"]),
        ("@田中　蓮", ["田中 蓮"]),
        ("@高橋さん", []),
        ("@美咲 さん", ["高橋 美咲"]),
        ("@高橋 太郎と@高橋 美咲へ", ["高橋 太郎", "高橋 美咲"]),
        ("ask @emma brooks, please", ["Emma Brooks"]),
        ("ask @Emma", []),
        ("@Stone?", ["Emma Stone"]),
        ("@Boris is somebody else, @Bo is not", ["Bo"]),
        ("write to info@bo.example", []),
        ("@", []),
        ("@nobody", []),
    ],
)
def test_a_name_after_an_at_sign_calls_its_agent(text: str, called: list[str]) -> None:
    assert [NAMES[hit.place] for hit in find(text, NAMES)] == called


def test_the_call_is_exactly_what_was_written() -> None:
    text = "はい、@田中 蓮 さん"
    (hit,) = find(text, NAMES)
    assert text[hit.start : hit.end] == "@田中 蓮"


def test_nobody_is_called_where_nobody_works() -> None:
    assert find("@田中", []) == []
    assert find("@田中", ["", "  "]) == []

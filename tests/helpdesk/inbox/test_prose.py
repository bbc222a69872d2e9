"""Links in plain text: found without changing the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.inbox.prose import Piece, pieces


@given(st.text(alphabet=st.sampled_from("ahtps:/.?=& \n。）)」あ荷物"), max_size=60))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("追跡は https://track.example/1?a=b。よろしく", "https://track.example/1?a=b"),
        ("(see https://a.example/x)", "https://a.example/x"),
        ("「https://a.example」", "https://a.example"),
    ],
)
def test_an_address_ends_before_the_sentence_does(text: str, link: str) -> None:
    assert [piece for piece in pieces(text) if piece.href] == [Piece(link, link)]


def test_script_addresses_stay_text() -> None:
    assert pieces("javascript:alert(1) data:text/html,x") == [Piece("javascript:alert(1) data:text/html,x")]

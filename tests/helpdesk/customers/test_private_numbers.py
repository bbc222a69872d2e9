from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.customers.private_numbers import blank, hide, hide_in_html, is_card, is_my_number

CARDS = (
    "4111111111111111", "5555555555554444", "2223003122003222", "3530111333300000", "378282246310005",
    "30569309025904", "6011111111111117", "6200000000000005",
)  # fmt: skip


@pytest.mark.parametrize("card", CARDS)
def test_the_cards_of_every_issuer_are_hidden_but_for_the_last_four(card: str) -> None:
    assert is_card(card)
    assert hide(f"カードは{card}です") == f"カードは{'•' * (len(card) - 4)}{card[-4:]}です"
    assert blank(f"カードは{card}です") == f"カードは{'0' * len(card)}です"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("4111 1111 1111 1111", "•••• •••• •••• 1111"),
        ("4111-1111-1111-1111", "••••-••••-••••-1111"),
        ("４１１１１１１１１１１１１１１１", "••••••••••••１１１１"),
        ("3782 822463 10005", "•••• •••••• •0005"),
        ("4111 1111 1111 1111 12/27 123", "•••• •••• •••• 1111 12/27 123"),
        ("2枚、4111111111111111 5555555555554444", "2枚、••••••••••••1111 ••••••••••••4444"),
    ],
)
def test_however_it_is_written_the_rest_stays(written: str, shown: str) -> None:
    assert hide(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "AB-4111111111111111",  # an order
        "https://shop.example/4111111111111111",
        "1111222233334444",  # no issuer begins so
        "03-1234-5678 090-1234-5678",
        "411111111111111111111111",
        "ご注文番号は20260105-0001、3点で12,800円です",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert hide(text) == blank(text) == text


def test_my_number_is_hidden_beside_its_name_and_never_kept_to_learn_from() -> None:
    assert is_my_number("123456789018") and not is_my_number("123456789012")
    assert hide("マイナンバーは 1234-5678-9018 です") == "マイナンバーは ••••-••••-•••• です"
    assert hide("送り状番号 1234-5678-9018") == "送り状番号 1234-5678-9018"
    assert blank("送り状番号 1234-5678-9018") == "送り状番号 0000-0000-0000"


def test_between_tags_alone() -> None:
    html = '<p data-card="4111111111111111">4111 1111 1111 1111<br></p>'
    assert hide_in_html(html) == '<p data-card="4111111111111111">•••• •••• •••• 1111<br></p>'
    assert hide_in_html("<p>a < b") == "<p>a < b"


PIECES = st.sampled_from(
    [*CARDS, "123456789018", "マイナンバー", " ", "-", "<", ">", "1", "٣", "²", "あ", "\ud800"]
)


@given(st.lists(PIECES).map("".join))
def test_any_text_keeps_its_length_and_gives_no_card_away(text: str) -> None:
    for covered in (hide(text), blank(text)):
        assert len(covered) == len(text)
        assert all(old == new or old.isdecimal() for old, new in zip(text, covered, strict=True))


@given(st.lists(PIECES))
def test_however_many_stand_there_none_is_given_away(pieces: list[str]) -> None:
    for covered in (hide("、".join(pieces)), blank("、".join(pieces))):
        assert not any(card in covered for card in CARDS)


def test_a_long_row_of_cards_is_hidden_to_its_end() -> None:
    assert hide(" ".join(CARDS * 40)).count("•") == sum(len(card) - 4 for card in CARDS) * 40

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.commerce import order_numbers

OURS = ("HK-10007", "HK-20391", "HK-9985")


@pytest.mark.parametrize(
    "text",
    [
        "注文番号ＨＫ－２０３９１について",
        "hk 20391 はまだですか",
        "HK20391です",
        "HKー20391",
        "Order no. hk‐20391.",
        "注文#20391の件",
        "No.20391",
        "二万円の 20391 番",
    ],
)
def test_a_number_is_found_however_it_is_typed(text: str) -> None:
    assert order_numbers.find(text, order_numbers.learn(OURS)) == ["HK-20391"]


@pytest.mark.parametrize(
    "text", ["ZZ-20391", "090-2039-1000", "1203911", "20391-3", "AHK-20391", "HK-", "", "x20391"]
)
def test_what_is_part_of_something_else_is_no_order(text: str) -> None:
    assert order_numbers.find(text, order_numbers.learn(OURS)) == []


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("250-1234567-7654321", "250-1234567-7654321"),
        ("250-1234567-7654321", "２５０ー１２３４５６７ー７６５４３２１"),
        ("398214-20260105-0000012345", "398214-20260105-0000012345"),
        ("#1001", "1001"),
        ("wc_5512", "WC 5512"),
        ("10234", "注文10234"),
        ("A12B345", "a12b345"),
    ],
)
def test_every_shop_has_numbers_of_its_own_shape(number: str, written: str) -> None:
    found = order_numbers.find(f"私の {written} は?", order_numbers.learn((number,)))
    assert found == [number.upper()]


def test_a_whole_number_comes_before_bare_digits() -> None:
    shapes = order_numbers.learn(OURS)
    assert order_numbers.find("20391 と HK-10007", shapes) == ["HK-10007", "HK-20391"]


@given(st.lists(st.text(max_size=70), max_size=8), st.text(max_size=300))
def test_any_numbers_and_any_text_are_read(numbers: list[str], text: str) -> None:
    assert len(order_numbers.find(text, order_numbers.learn(tuple(numbers)))) <= order_numbers.MOST


@given(st.from_regex(r"[A-Z]{1,4}-[0-9]{4,9}", fullmatch=True))
def test_a_number_of_the_shop_is_always_found(number: str) -> None:
    for text in (number, number.lower(), number.replace("-", ""), number.replace("-", " "), f"「{number}」"):
        assert number in order_numbers.find(text, order_numbers.learn((number,)))

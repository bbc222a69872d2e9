from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.commerce import check_digits

DIGITS = st.text("0123456789", min_size=2, max_size=34)


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        (check_digits.s10, "123456785"),
        (check_digits.seven, "3318810025"),
        (check_digits.seven, "73891051146"),
        (check_digits.seven, "123456789013"),
        (check_digits.ups, "879E930346834440"),
        (check_digits.fedex, "986578788855"),
        (check_digits.fedex, "477179081230"),
        (check_digits.gs1, "03071790000523483741"),
        (check_digits.gs1, "041441760228964"),
        (check_digits.gs1, "9101123456789000000013"),
    ],
)
def test_published_numbers_are_right_and_wrong_with_any_other_last_digit(rule, right: str) -> None:  # type: ignore[no-untyped-def]
    last = {digit for digit in "0123456789" if rule(right[:-1] + digit)}
    assert last == {right[-1]}


@given(st.text("0123456789", min_size=8, max_size=8))
def test_every_postal_number_has_exactly_one_check_digit(serial: str) -> None:
    assert sum(check_digits.s10(serial + digit) for digit in "0123456789") == 1


@given(DIGITS, st.integers(0, 33), st.integers(1, 9))
def test_one_mistyped_digit_never_passes_modulo_ten(digits: str, at: int, by: int) -> None:
    right = next(one for one in (digits + last for last in "0123456789") if check_digits.gs1(one))
    at %= len(right)
    wrong = right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :]
    assert not check_digits.gs1(wrong)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_the_remainder_of_seven_is_below_seven(digits: str) -> None:
    right = [last for last in "0123456789" if check_digits.seven(digits + last)]
    assert len(right) == 1 and int(right[0]) < 7


@given(st.text("0123456789", max_size=40))
def test_no_number_is_too_short_or_too_long_to_be_judged(digits: str) -> None:
    for rule in (
        check_digits.s10,
        check_digits.seven,
        check_digits.gs1,
        check_digits.ups,
        check_digits.fedex,
    ):
        assert rule(digits) in (True, False)

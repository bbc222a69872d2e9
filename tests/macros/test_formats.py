from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.errors import RenderError
from macros.facts import Money
from macros.formats import date_text, money_text, number_text, text_of


def test_dates_carry_the_weekday_in_both_languages() -> None:
    day = date(2026, 1, 5)
    assert (date_text(day, "ja"), date_text(day, "en")) == ("2026年1月5日(月)", "Mon, Jan 5, 2026")
    assert (date_text(day, "ja", "short"), date_text(day, "en", "short")) == ("1月5日(月)", "Mon, Jan 5")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(12800, "JPY"), "¥12,800"),
        (Money(-500, "JPY"), "-¥500"),
        (Money(0, "JPY"), "¥0"),
        (Money(1280, "USD"), "$12.80"),
        (Money(99, "EUR"), "€0.99"),
    ],
)
def test_money_reads_the_same_in_both_languages(money: Money, text: str, lang: str) -> None:
    assert money_text(money, lang) == text


def test_bare_values_are_written_by_their_kind() -> None:
    assert [text_of(value, "ja") for value in (1280, "灯", Money(5, "JPY"))] == ["1,280", "灯", "¥5"]


def test_a_value_of_the_wrong_kind_is_named() -> None:
    with pytest.raises(RenderError, match="date filter got str"):
        date_text("2026-01-05", "ja")
    with pytest.raises(RenderError, match="money filter got int"):
        money_text(500, "ja")
    with pytest.raises(RenderError, match="number filter got str"):
        number_text("5", "en")
    with pytest.raises(RenderError, match="long and short"):
        date_text(date(2026, 1, 5), "en", "full")


@settings(deadline=None, database=None)
@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_no_yen_is_lost_in_writing(amount: int) -> None:
    written = money_text(Money(amount, "JPY"), "ja")
    assert int(written.replace("¥", "").replace(",", "")) == amount

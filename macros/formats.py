"""Dates, money and numbers in the customer's language: the sandbox's filters and bare variables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

from macros.errors import RenderError
from macros.facts import Money

DATE_PATTERNS = {
    ("ja", "long"): "y年M月d日(EEE)",
    ("ja", "short"): "M月d日(EEE)",
    ("en", "long"): "EEE, MMM d, y",
    ("en", "short"): "EEE, MMM d",
}


def text_of(value: object, lang: str) -> str:
    """Any fact as the customer reads it."""
    if isinstance(value, date):
        return date_text(value, lang)
    if isinstance(value, Money):
        return money_text(value, lang)
    if isinstance(value, int) and not isinstance(value, bool):
        return number_text(value, lang)
    return str(value)


def date_text(value: object, lang: str, style: str = "long") -> str:
    """2026年1月5日(月) or Mon, Jan 5, 2026; `short` leaves the year out."""
    if not isinstance(value, date):
        raise RenderError(f"the date filter got {type(value).__name__}; give it a variable that holds a date")
    pattern = DATE_PATTERNS.get((_supported(lang), style))
    if pattern is None:
        raise RenderError(f"the date filter knows the styles long and short, not {style!r}")
    return format_date(value, pattern, locale=_supported(lang))


def money_text(value: object, lang: str) -> str:
    """¥12,800 in both languages (half-width yen sign); $12.80 for other currencies."""
    if not isinstance(value, Money):
        raise RenderError(f"the money filter got {type(value).__name__}; give it a variable that holds money")
    if value.currency == "JPY":
        return f"{'-' if value.minor < 0 else ''}¥{abs(value.minor):,}"
    amount = Decimal(value.minor).scaleb(-get_currency_precision(value.currency))
    return format_currency(amount, value.currency, locale="ja_JP" if lang == "ja" else "en_US")


def number_text(value: object, lang: str) -> str:
    """1,200 in both languages."""
    if not isinstance(value, int):
        raise RenderError(
            f"the number filter got {type(value).__name__}; give it a variable that holds a number"
        )
    return format_decimal(value, locale=_supported(lang))


def _supported(lang: str) -> str:
    return "ja" if lang == "ja" else "en"

"""Words, dates and money in the reader's language. English source text is the message id.

`using(language, timezone)` sets both for the current request or task; everything below reads them.
"""

from __future__ import annotations

import gettext as gnu
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import dates, numbers

from helpdesk.errors import HelpdeskError, fill

LANGUAGES = ("ja", "en")
LOCALE = Path(__file__).parent / "locale"
WEEKDAYS = "月火水木金土日"

_language: ContextVar[str] = ContextVar("language", default="ja")
_timezone: ContextVar[str] = ContextVar("timezone", default="Asia/Tokyo")


@contextmanager
def using(language: str, timezone: str = "Asia/Tokyo") -> Iterator[None]:
    tokens = _language.set(language if language in LANGUAGES else "en"), _timezone.set(timezone)
    try:
        yield
    finally:
        _language.reset(tokens[0])
        _timezone.reset(tokens[1])


def language() -> str:
    return _language.get()


def timezone() -> ZoneInfo:
    return ZoneInfo(_timezone.get())


def gettext(text: str, **values: object) -> str:
    """The text in the current language; `%(name)s` is filled from `values`."""
    found = _translations(language()).gettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    return plural(one, many, n) % {"n": number(n), "num": number(n), **values}


def plural(one: str, many: str, n: int) -> str:
    """The form for `n` in the current language, not filled in; templates fill it themselves."""
    return _translations(language()).ngettext(one, many, n)


def told(error: HelpdeskError) -> str:
    """What went wrong, in the current language."""
    return fill(gettext(error.template), error.data)


def lazy(text: str) -> str:
    """Marks a text for translation where it is declared; translate it with `gettext` where it is shown."""
    return text


def number(value: float) -> str:
    return _number(value, language())


@lru_cache(4096)
def _number(value: float, language: str) -> str:
    return str(numbers.format_decimal(value, locale=language))


def money(minor: int, currency: str = "JPY") -> str:
    """¥12,800 from 12800 JPY; $12.80 from 1280 USD."""
    digits = numbers.get_currency_precision(currency)
    shown = numbers.format_currency(minor / 10**digits, currency, locale=language())
    return str(shown).replace("￥", "¥").replace("JP¥", "¥")


def day(value: date | datetime, *, year: bool = True) -> str:
    """2026年1月5日(月) or Mon, Jan 5, 2026."""
    value = local(value).date() if isinstance(value, datetime) else value
    if language() == "ja":
        start = f"{value.year}年" if year else ""
        return f"{start}{value.month}月{value.day}日({WEEKDAYS[value.weekday()]})"
    return _english_day(value, year)


@lru_cache(4096)
def _english_day(value: date, year: bool) -> str:
    return str(dates.format_date(value, "EEE, MMM d, y" if year else "EEE, MMM d", locale="en"))


def clock(value: datetime) -> str:
    return (
        f"{local(value):%H:%M}"
        if language() == "ja"
        else _english_time(local(value).time().replace(second=0, microsecond=0))
    )


@lru_cache(1440)
def _english_time(value: time) -> str:
    return str(dates.format_time(value, "h:mm a", locale="en"))


def moment(value: datetime, now: datetime) -> str:
    """A time as people say it: 今日 12:31, 11月19日(木) 21:04, with the year once it is another one."""
    return f"{date_words(value, now)} {clock(value)}"


def date_words(value: datetime, now: datetime) -> str:
    """Today, yesterday, or the day."""
    then, today = local(value).date(), local(now).date()
    if then == today:
        return gettext("Today")
    if then == today - timedelta(days=1):
        return gettext("Yesterday")
    return day(value, year=then.year != today.year)


def duration(span: timedelta) -> str:
    """2時間 40分, 3日; 2h 40m, 3d. Never negative."""
    return _duration(max(0, int(span.total_seconds() // 60)), language())


@lru_cache(8192)
def _duration(minutes: int, _language: str) -> str:
    if minutes < 60:
        return gettext("%(n)sm", n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return gettext("%(n)sh", n=hours) + (
            " " + gettext("%(n)sm", n=minutes) if minutes and hours < 10 else ""
        )
    return gettext("%(n)sd", n=hours // 24)


def person(name: str, *, of: str | None = None) -> str:
    """A customer's name as it is said to agents: 様 after it in Japanese."""
    return f"{name} 様" if (of or language()) == "ja" and _japanese(name) else name


def local(value: datetime) -> datetime:
    return value.astimezone(timezone())


def _japanese(text: str) -> bool:
    return any("぀" <= c <= "ヿ" or "一" <= c <= "鿿" for c in text)


@cache
def _translations(language: str) -> gnu.NullTranslations:
    return gnu.translation("messages", LOCALE, [language], fallback=language == "en")

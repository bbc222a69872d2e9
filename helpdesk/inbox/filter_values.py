"""How the fields of a filter are read: each reader takes the texts given and says what was not clean in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

# Texts that are not empty -> the value (falsy when nothing of it can be used), and whether all of it was used.
Reader = Callable[[list[str]], tuple[Any, bool]]

PLAIN = re.compile(r"[A-Za-z_-]{1,16}")
KEY = re.compile(r"[A-Za-z0-9]{1,24}")
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
TAG = re.compile(r"[\w][\w :/&.\-]{0,58}")
MOST = 30  # values of one field
_SPAN = re.compile(r"([1-9][0-9]{0,3})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def one_of(options: Collection[str]) -> Reader:
    return lambda given: (given[-1], True) if given[-1] in options else ("", False)


def some_of(options: Collection[str]) -> Reader:
    """In the order of the options, so that the same choice is always the same text."""

    def read(given: list[str]) -> tuple[tuple[str, ...], bool]:
        parts = set(_parts(given))
        return tuple(one for one in options if one in parts), parts <= set(options)

    return read


def some_like(pattern: re.Pattern[str]) -> Reader:
    def read(given: list[str]) -> tuple[tuple[str, ...], bool]:
        parts = sorted(set(_parts(given)))
        good = tuple(part for part in parts if pattern.fullmatch(part))[:MOST]
        return good, len(good) == len(parts)

    return read


def words(most: int) -> Reader:
    return lambda given: (given[-1][:most].strip(), True)


def whole(most: int) -> Reader:
    def read(given: list[str]) -> tuple[int, bool]:
        text = given[-1]
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
        return (number, True) if 0 <= number <= most else (0, False)

    return read


def span(given: list[str]) -> tuple[str, bool]:
    """30m, 4h or 2d."""
    return (given[-1], True) if _SPAN.fullmatch(given[-1]) else ("", False)


def day(given: list[str]) -> tuple[str, bool]:
    """2026-01-31."""
    try:
        return date.fromisoformat(given[-1]).isoformat(), True
    except ValueError:
        return "", False


def flag(given: list[str]) -> tuple[bool, bool]:
    return given[-1] == "1", given[-1] in ("0", "1")


def key(given: list[str]) -> tuple[str, bool]:
    return (given[-1], True) if KEY.fullmatch(given[-1]) else ("", False)


def timedelta_of(text: str) -> timedelta:
    """The span that `span` accepted."""
    found = _SPAN.fullmatch(text)
    assert found, text
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _parts(given: list[str]) -> list[str]:
    return [part.strip() for text in given for part in text.split(",") if part.strip()]

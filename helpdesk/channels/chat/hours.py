"""Opening hours of a chat: {"mon": [["09:00", "18:00"]], …, "closed": ["2026-01-01"]} in the brand's own time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Hours = Mapping[str, Any]


def is_open(hours: Hours, now: datetime, zone: str) -> bool:
    """Always, where no hours are set."""
    if not any(hours.get(day) for day in DAYS):
        return not hours
    local = now.astimezone(ZoneInfo(zone))
    if local.date().isoformat() in (hours.get("closed") or ()):
        return False
    spans = hours.get(DAYS[local.weekday()]) or ()
    return any(_within(local.time(), _time(begin), _time(end)) for begin, end in spans)


def _within(now: time, begin: time, end: time) -> bool:
    """24:00 is written as 00:00: an end before the beginning is the day's end."""
    return begin <= now and (now < end or end <= begin)


def _time(text: str) -> time:
    return time(0) if text == "24:00" else time.fromisoformat(text)

"""Time in the demo: a clock that can be set, the shop's week, and dates as customers write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from helpdesk.demo.shop import ZONE

TOKYO = ZoneInfo(ZONE)
WEEK = (1.35, 1.15, 1.0, 1.0, 0.95, 0.55, 0.5)  # how much Monday … Sunday weigh
OPENS, CLOSES = time(10), time(17, 30)
HOURS = (
    0.3,
    0.1,
    0.05,
    0.05,
    0.05,
    0.1,
    0.4,
    0.8,
    1.3,
    1.7,
    1.8,
    1.5,
    1.7,
    1.3,
    1.2,
    1.2,
    1.2,
    1.3,
    1.4,
    1.6,
    2.0,
    2.2,
    1.8,
    0.9,
)


@dataclass(slots=True)
class SettableClock:
    """Shows the moment of the story that is being told."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def some_moment(rng: Random, day: date) -> datetime:
    """A time of that day in Japan at which people write."""
    hour = rng.choices(range(24), HOURS)[0]
    return at(day, time(hour, rng.randint(0, 59), rng.randint(0, 59)))


def at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, TOKYO).astimezone(UTC)


def day_of(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()


def working(moment: datetime) -> datetime:
    """The moment itself while the shop is open, else when it opens next."""
    local = moment.astimezone(TOKYO)
    if local.weekday() < 5 and local.time() < CLOSES:
        return moment if local.time() >= OPENS else at(local.date(), OPENS)
    return at(next_business_day(local.date()), OPENS)


def after_work(moment: datetime, minutes: float) -> datetime:
    """So many minutes of open hours later."""
    here = working(moment)
    while True:
        end = at(day_of(here), CLOSES)
        left = (end - here) / timedelta(minutes=1)
        if minutes < left:
            return here + timedelta(minutes=minutes)
        minutes -= left
        here = at(next_business_day(day_of(here)), OPENS)


def next_business_day(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def spoken(day: date, language: str) -> str:
    """11月3日 or 3 November."""
    return f"{day.month}月{day.day}日" if language == "ja" else f"{day.day} {day:%B}"

"""Days begin and end at midnight on the wall, also where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.errors import Invalid
from helpdesk.reports import period
from helpdesk.reports.period import Period, plan_runs

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def test_a_preset_ends_today_where_the_brand_is() -> None:
    late = datetime(2026, 1, 5, 16, 0, tzinfo=UTC)
    chosen = period.parse({"period": "7"}, TOKYO, late)
    assert (chosen.first, chosen.last, chosen.days) == (date(2025, 12, 31), date(2026, 1, 6), 7)


def test_this_month_begins_on_its_first_day() -> None:
    chosen = period.parse({"period": "month"}, TOKYO, NOW)
    assert (chosen.first, chosen.last) == (date(2026, 1, 1), date(2026, 1, 5))


def test_an_unknown_preset_is_the_usual_one() -> None:
    assert period.parse({"period": "x"}, TOKYO, NOW).days == 28


def test_the_period_before_is_as_long_and_ends_the_day_before() -> None:
    before = Period(date(2026, 1, 5), date(2026, 1, 11), TOKYO).before
    assert (before.first, before.last) == (date(2025, 12, 29), date(2026, 1, 4))


def test_days_are_those_of_the_zone() -> None:
    chosen = Period(date(2026, 1, 5), date(2026, 1, 5), TOKYO)
    assert chosen.start == datetime(2026, 1, 4, 15, 0, tzinfo=UTC)
    assert chosen.end - chosen.start == timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Santiago", date(2026, 9, 6), 23),  # there midnight does not exist
        ("Pacific/Apia", date(2011, 12, 30), 0),  # a day that never was
    ],
)
def test_a_day_is_as_long_as_its_clock_makes_it(zone: str, day: date, hours: float) -> None:
    chosen = Period(day, day, ZoneInfo(zone))
    assert chosen.end - chosen.start == timedelta(hours=hours)


def test_even_days_share_a_run_and_others_stand_alone() -> None:
    runs = plan_runs(Period(date(2026, 3, 5), date(2026, 3, 11), ZoneInfo("America/New_York")))
    assert [(run.place, run.even) for run in runs] == [(0, True), (10, False), (11, True)]


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2026-02-30", "to": "2026-03-01"},
        {"from": "yesterday"},
        {"from": "2026-01-05", "to": "2026-01-04"},
        {"from": "2024-01-01", "to": "2026-01-01"},
        {"from": "0001-01-01", "to": "0001-01-02"},
    ],
)
def test_what_is_no_span_of_days_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        period.parse(params, TOKYO, NOW)

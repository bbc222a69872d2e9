"""A tag rises when its week stands out against its own weeks before, and only if that is no accident."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.customers.identify import identify
from helpdesk.models import Brand, Tag, Ticket, TicketTag
from helpdesk.reports import rising, tickets_behind
from helpdesk.reports.measures import Scope
from helpdesk.reports.period import Period
from helpdesk.reports.rising import Rising, chance_of, plan_rises, plan_windows
from helpdesk.reports.tickets_behind import Asked
from helpdesk.store.db import Database, Unit
from tests.conftest import StandingClock

TOKYO = ZoneInfo("Asia/Tokyo")
WEDNESDAY = datetime(2026, 1, 7, 3, 0, tzinfo=UTC)  # noon in Tokyo
HERE = Period(date(2025, 12, 11), date(2026, 1, 7), TOKYO)


def test_the_chance_is_that_of_a_fair_draw() -> None:
    assert chance_of(3, 0, 4) == pytest.approx(0.2**3)
    assert chance_of(1, 1, 1) == pytest.approx(0.75)
    assert chance_of(0, 7, 4) == pytest.approx(1)


def test_a_tag_that_keeps_its_pace_is_not_named() -> None:
    assert plan_rises({"return": (6, 6, 5, 7, 6)}, weeks=4) == []


def test_the_least_likely_accident_stands_first() -> None:
    rises = plan_rises({"return": (9, 2, 2, 2, 2), "refund": (30, 2, 2, 2, 2)}, weeks=4)
    assert [rise.name for rise in rises] == ["refund", "return"]
    assert rises[0].times == pytest.approx(15)


def test_fewer_than_five_tickets_say_nothing() -> None:
    assert plan_rises({"return": (4, 0, 0, 0, 0)}, weeks=4) == []


def test_without_weeks_before_nothing_is_said() -> None:
    assert plan_rises({"return": (50, 0, 0, 0, 0)}, weeks=0) == []


def test_a_doubtful_rise_among_many_tags_is_not_called_clear() -> None:
    counts = {f"tag{n}": (6, 6, 6, 6, 6) for n in range(9)} | {"return": (8, 3, 3, 3, 3)}
    (rise,) = plan_rises(counts, weeks=4)
    assert (rise.name, rise.sure) == ("return", False)


def test_weeks_begin_on_monday_and_compare_the_same_hours() -> None:
    windows = plan_windows(WEDNESDAY, HERE)
    monday = datetime(2026, 1, 4, 15, 0, tzinfo=UTC)
    assert windows[0] == (monday, monday + timedelta(days=3))
    assert windows[1] == (monday - timedelta(days=7), WEDNESDAY - timedelta(days=7))
    assert len(windows) == 5


def test_hours_are_those_on_the_wall_when_clocks_changed() -> None:
    zone = ZoneInfo("America/New_York")
    tuesday = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)  # noon, two days after clocks went forward
    windows = plan_windows(tuesday, Period(date(2026, 3, 1), date(2026, 3, 10), zone))
    assert windows[1][1] == datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


def _story(database: Database, brand: Brand, clock: StandingClock) -> None:
    """Twelve returns this week, one in each week before at the same hour and one too late in the day."""
    clock.now = WEDNESDAY
    with database.write() as unit:
        tag = Tag(brand_id=brand.pk, name="return", created_at=unit.now)
        unit.session.add(tag)
        unit.session.flush()
        moments = [WEDNESDAY - timedelta(hours=n) for n in range(1, 13)]
        for week in range(1, 5):
            then = WEDNESDAY - timedelta(days=7 * week)
            moments += [then - timedelta(hours=1), then + timedelta(hours=1)]
        for number, at in enumerate(moments, 1):
            _ticket(unit, brand, tag, number, at)


def _ticket(unit: Unit, brand: Brand, tag: Tag, number: int, at: datetime) -> None:
    customer = identify(unit, brand.pk, "email", "hanako@example.jp", name="山田 花子")
    ticket = Ticket(
        brand_id=brand.pk, number=number, customer_id=customer.pk, channel="email",
        last_message_at=at, created_at=at, updated_at=at,
    )  # fmt: skip
    unit.session.add(ticket)
    unit.session.flush()
    unit.session.add(TicketTag(ticket_id=ticket.pk, tag_id=tag.pk, created_at=at))


@pytest.fixture
def found(database: Database, brand: Brand, clock: StandingClock) -> Rising:
    _story(database, brand, clock)
    with database.read() as unit:
        return rising.read(unit, Scope((brand.pk,), HERE))


def test_a_rise_is_found_and_both_its_numbers_open_their_tickets(
    found: Rising, database: Database, brand: Brand
) -> None:
    (rise,) = found.rises
    assert (rise.name, rise.count, rise.baseline, found.weeks, rise.sure) == ("return", 12, 4, 4, True)
    week = Scope((brand.pk,), found.week)
    with database.read() as unit:
        now = tickets_behind.behind(unit, week, Asked("created", "tag", "return"))
        usual = tickets_behind.behind(
            unit, week, Asked("created", "tag", "return", until=found.until, weeks=found.weeks)
        )
    assert (now.count, usual.count) == (12, 4)
    assert len(usual.rows) == 4

"""Every number is recounted by hand, and opens exactly the tickets it counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.models import Brand
from helpdesk.people import accounts
from helpdesk.reports import overview, tickets_behind
from helpdesk.reports.measures import COUNTED, MEASURES, TIMED, Scope
from helpdesk.reports.overview import Overview
from helpdesk.reports.period import Period
from helpdesk.reports.tickets_behind import Asked
from helpdesk.reports.times import spread
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.reports import world
from tests.helpdesk.reports.world import Fact, recount

CASES = [
    # zone, now, first and last day; clocks change in all but Tokyo and Kathmandu, some at midnight
    ("Asia/Tokyo", datetime(2026, 3, 18, 3, 0, tzinfo=UTC), date(2026, 2, 20), date(2026, 3, 18)),
    ("America/New_York", datetime(2026, 3, 18, 3, 0, tzinfo=UTC), date(2026, 2, 27), date(2026, 3, 17)),
    ("America/New_York", datetime(2026, 11, 9, 3, 0, tzinfo=UTC), date(2026, 11, 1), date(2026, 11, 1)),
    ("Australia/Lord_Howe", datetime(2026, 4, 20, 3, 0, tzinfo=UTC), date(2026, 4, 1), date(2026, 4, 20)),
    ("Asia/Kathmandu", datetime(2026, 4, 20, 3, 0, tzinfo=UTC), date(2026, 4, 14), date(2026, 4, 20)),
    ("America/Santiago", datetime(2026, 9, 20, 3, 0, tzinfo=UTC), date(2026, 9, 1), date(2026, 9, 19)),
]


Told = tuple[Overview, list[Fact]]


@pytest.fixture(
    scope="module", params=range(len(CASES)), ids=[f"{zone}-{first}" for zone, _, first, _ in CASES]
)
def filled(
    request: pytest.FixtureRequest, lasting: Callable[[StandingClock], Database]
) -> tuple[Database, Told]:
    zone, now, first, last = CASES[request.param]
    database = lasting(StandingClock(now))
    with database.write() as unit:
        brands = [Brand(name=name, created_at=unit.now) for name in ("青葉商店", "Foreign & Sons")]
        unit.session.add_all(brands)
        unit.session.flush()
        ours, theirs = brands
        agent = accounts.create_agent(
            unit, name="Misaki Takahashi", email="misaki@example.com", language="en", brand_ids=[ours.pk]
        )
    facts = world.fill(database, ours, agent, ZoneInfo(zone), seed=request.param, n=80)
    facts += world.fill(database, theirs, agent, ZoneInfo(zone), seed=100 + request.param, n=10)
    scope = Scope((ours.pk,), Period(first, last, ZoneInfo(zone)))
    with database.read() as unit:
        return database, (overview.read(unit, scope), facts)


@pytest.fixture(scope="module")
def told(filled: tuple[Database, Told]) -> Told:
    """A report of one brand, and the tickets of two."""
    return filled[1]


@pytest.fixture(scope="module")
def database(filled: tuple[Database, Told]) -> Database:
    """The one that it was told of; nobody writes into it."""
    return filled[0]


def test_totals_agree_with_a_recount(told: Told) -> None:
    report, facts = told
    before = Scope(report.scope.brand_ids, report.scope.period.before)
    for measure in (*COUNTED, "spam"):
        figure = report.volume.totals[measure]
        assert figure.now == len(recount(facts, report.scope, measure)), measure
        assert figure.before == len(recount(facts, before, measure)), measure


def test_rows_agree_with_a_recount_and_leave_nothing_out(told: Told) -> None:
    report, facts = told
    period = report.scope.period
    before = Scope(report.scope.brand_ids, period.before)
    for dimension, rows in report.volume.by.items():
        for place, row in enumerate(rows):
            then = period.before.dates[place].isoformat() if dimension == "day" else row.name
            for measure, figure in row.figures.items():
                assert figure.now == len(recount(facts, report.scope, measure, dimension, row.name))
                assert figure.before == len(recount(facts, before, measure, dimension, then))
    for dimension in ("channel", "category", "language", "day"):
        seen = sum(row.figures["created"].now for row in report.volume.by[dimension])
        assert seen == report.volume.totals["created"].now


def test_times_agree_with_a_recount(told: Told) -> None:
    report, facts = told
    for measure in TIMED:
        for period, found in (
            (report.scope.period, report.times[measure].now),
            (report.scope.period.before, report.times[measure].before),
        ):
            keys = recount(facts, Scope(report.scope.brand_ids, period), measure)
            waits = [
                (at - fact.first_in).total_seconds()
                for fact in facts
                if fact.key in keys and fact.first_in
                for at in fact.moments(measure)
            ]
            assert found == spread(waits)


def test_every_number_opens_its_tickets(told: Told, database: Database) -> None:
    report, facts = told
    scope = report.scope
    asked = [Asked(measure) for measure in MEASURES]
    asked += [
        Asked(measure, dimension, row.name)
        for dimension, rows in report.volume.by.items()
        for row in rows[:6]
        for measure in COUNTED
    ]
    with database.read() as unit:
        for one in asked:
            found = tickets_behind.behind(unit, scope, one, limit=200)
            assert {row.key for row in found.rows} == recount(facts, scope, one.measure, one.by, one.name)
            assert found.count == len(found.rows) == _figure(report, one)


def test_another_brand_is_never_counted(told: Told, database: Database) -> None:
    report, facts = told
    with database.read() as unit:
        found = tickets_behind.behind(unit, Scope((), report.scope.period), Asked("created"))
    assert (found.count, found.rows) == (0, ())
    assert any(fact.brand_id not in report.scope.brand_ids for fact in facts)


def test_pages_of_tickets_join_without_gap_or_repeat(told: Told, database: Database) -> None:
    report, facts = told
    keys, after = [], ""
    with database.read() as unit:
        while True:
            page = tickets_behind.behind(unit, report.scope, Asked("created"), after=after, limit=7)
            keys += [row.key for row in page.rows]
            if not page.next:
                break
            after = page.next
    assert len(keys) == len(set(keys))
    assert set(keys) == recount(facts, report.scope, "created")


def _figure(report: Overview, one: Asked) -> int:
    if one.measure in TIMED:
        return report.times[one.measure].now.count
    if not one.by:
        return report.volume.totals[one.measure].now
    return next(row for row in report.volume.by[one.by] if row.name == one.name).figures[one.measure].now

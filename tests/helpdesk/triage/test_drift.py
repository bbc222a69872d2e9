from __future__ import annotations

from datetime import UTC, datetime

from helpdesk.models import Agent, Ticket
from helpdesk.store.db import Database
from helpdesk.triage import drift, learn
from helpdesk.triage.drift import Week
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import rows

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def week(tickets: int, silent: int, corrected: int) -> Week:
    return Week(MONDAY, tickets, silent, corrected)


def test_a_week_like_the_others_is_no_warning() -> None:
    assert drift.warnings([week(100, 20, 5)] * 4 + [week(100, 24, 6)]) == []


def test_silence_and_corrections_that_rise_are_told() -> None:
    before = [week(100, 20, 5)] * 4
    assert drift.warnings([*before, week(100, 40, 5)]) == ["silence"]
    assert drift.warnings([*before, week(100, 20, 16)]) == ["correction"]


def test_a_handful_of_tickets_says_nothing() -> None:
    assert drift.warnings([week(100, 20, 5)] * 4 + [week(8, 8, 8)]) == []
    assert drift.warnings([week(8, 0, 0), week(100, 60, 60)]) == []
    assert drift.warnings([]) == []


def test_each_ticket_counts_once_in_its_week(
    database: Database, deliver: Deliver, agent: Agent, clock: StandingClock
) -> None:
    deliver("荷物が届きません。", message_id="<1@a>", sender="a@example.jp")
    deliver("ｗｗ", subject="", message_id="<2@a>", sender="b@example.jp")
    silent, spoken = sorted(rows(database, Ticket), key=lambda one: one.preview != "ｗｗ")
    clock.advance(days=6)
    with database.write() as unit:
        # Silent as it was, however an agent tags it; spoken, though what it said was taken off.
        learn.correct_tag(unit, unit.session.get_one(Ticket, silent.pk), "refund", by=agent, added=True)
        here = unit.session.get_one(Ticket, spoken.pk)
        learn.correct_tag(unit, here, "order_status", by=agent, added=False)
        learn.correct_tag(unit, here, "refund", by=agent, added=True)
    with database.read() as unit:
        *before, last = drift.list_weeks(unit, silent.brand_id)
    assert [one.tickets for one in before] == [0] * 7
    assert (last.tickets, last.silent, last.corrected) == (2, 1, 2)

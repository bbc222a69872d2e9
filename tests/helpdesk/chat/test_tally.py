"""What visitors saw and did is counted once, by day, and only what the settings know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from helpdesk.chat import counts
from helpdesk.chat.accounts import Widget, get_widget
from helpdesk.chat.counts import Counted
from helpdesk.chat.tally import Tally
from helpdesk.customers.identify import identify
from helpdesk.models import Brand, CampaignAnswer, Order, Visitor, WidgetCount
from helpdesk.reports import widgets
from helpdesk.reports.period import Period
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.conftest import StandingClock
from tests.helpdesk.channels.chat.test_campaigns import HELLO
from tests.helpdesk.channels.chat.test_flows import RETURNS
from tests.helpdesk.chat.desk import add_widget

TODAY = date(2026, 1, 5)
WEEK = Period(date(2026, 1, 1), date(2026, 1, 31), ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> Widget:
    account = add_widget(database, brand, seal, campaigns=[HELLO], flows=[RETURNS])
    with database.read() as unit:
        return get_widget(unit, account.address, seal)


@pytest.fixture
def tally(database: Database) -> Tally:
    return Tally(database)


@pytest.fixture
def make_visitor(database: Database, widget: Widget) -> Callable[..., int]:
    def make(**given: Any) -> int:
        with database.write() as unit:
            visitor = Visitor(
                brand_id=widget.brand_id,
                account_id=widget.id,
                last_seen_at=unit.now,
                created_at=unit.now,
                **given,
            )
            unit.session.add(visitor)
            unit.session.flush()
            return visitor.pk

    return make


def rows(database: Database) -> dict[tuple[str, str, str, str, date], int]:
    with database.read() as unit:
        found = unit.session.exec(select(WidgetCount)).all()
    return {(one.subject, one.name, one.step, one.before, one.day): one.count for one in found}


def test_the_same_thing_twice_is_one_row_also_over_several_writings(
    database: Database, widget: Widget, tally: Tally
) -> None:
    for _turn in range(2):
        for _time in range(3):
            tally.saw(widget, "hello", "shown")
        tally.write_down()
    tally.walked(widget, "returns", "what")
    tally.walked(widget, "returns", "free", "what")
    tally.walked(widget, "returns", "answered", "free")
    tally.write_down()
    tally.write_down()
    assert rows(database) == {
        ("campaign", "hello", "shown", "", TODAY): 6,
        ("flow", "returns", "what", "", TODAY): 1,
        ("flow", "returns", "free", "what", TODAY): 1,
        ("flow", "returns", "answered", "free", TODAY): 1,
    }


def test_the_day_is_the_brands_own(
    database: Database, widget: Widget, tally: Tally, clock: StandingClock
) -> None:
    clock.advance(hours=13)  # one in the morning in Tokyo
    tally.saw(widget, "hello", "clicked")
    tally.write_down()
    assert [key[-1] for key in rows(database)] == [date(2026, 1, 6)]


def test_strangers_cannot_make_up_names(database: Database, widget: Widget, tally: Tally) -> None:
    tally.saw(widget, "made-up", "shown")
    tally.saw(widget, "hello", "bought")
    tally.walked(widget, "made-up", "what")
    tally.walked(widget, "returns", "nowhere", "what")
    tally.walked(widget, "returns", "ticket", "what")
    tally.wrote(widget, 1, campaign="made-up", flow="returns", path=["nowhere"])
    tally.write_down()
    assert rows(database) == {}


def test_a_database_that_is_away_gets_it_later(
    database: Database, widget: Widget, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the server is gone"))

    tally.saw(widget, "hello", "shown")
    with monkeypatch.context() as patch:
        patch.setattr(counts, "add", away)
        tally.write_down()
    tally.saw(widget, "hello", "shown")
    tally.write_down()
    assert list(rows(database).values()) == [2]


def test_who_writes_counts_once_a_day_for_a_campaign_and_leaves_the_last_step(
    database: Database,
    widget: Widget,
    tally: Tally,
    clock: StandingClock,
    make_visitor: Callable[..., int],
) -> None:
    visitor = make_visitor()
    for _message in range(2):
        tally.wrote(widget, visitor, campaign="hello", flow="returns", path=["what", "free"])
        tally.write_down()
    clock.advance(days=1)
    tally.wrote(widget, visitor, campaign="hello")
    tally.write_down()
    with database.read() as unit:
        assert [one.day for one in unit.session.exec(select(CampaignAnswer))] == [TODAY, TODAY + timedelta(1)]
    assert rows(database) == {("flow", "returns", "ticket", "free", TODAY): 2}


def test_a_visitor_who_is_gone_does_not_stop_the_counting(
    database: Database, widget: Widget, tally: Tally
) -> None:
    tally.wrote(widget, 999_999, campaign="hello")
    tally.write_down()
    tally.saw(widget, "hello", "shown")
    tally.write_down()
    assert len(rows(database)) == 1


def test_the_report_names_who_saw_answered_and_bought_within_a_week(
    database: Database,
    brand: Brand,
    widget: Widget,
    tally: Tally,
    clock: StandingClock,
    make_visitor: Callable[..., int],
) -> None:
    with database.write() as unit:
        known = identify(unit, brand.pk, "shop", "42", name="花子").pk
        by_mail = identify(unit, brand.pk, "email", "taro@example.jp", name="太郎").pk
        other = identify(unit, brand.pk, "email", "late@example.jp", name="遅").pk
    signed, claimed = make_visitor(customer_id=known), make_visitor(email="Taro@example.jp")
    late, nobody = make_visitor(customer_id=other), make_visitor()
    for visitor in (signed, claimed, late, nobody):
        tally.wrote(widget, visitor, campaign="hello")
    for _time in range(20):
        tally.saw(widget, "hello", "shown")
    tally.saw(widget, "hello", "clicked")
    tally.write_down()
    begun = clock.now
    for number, customer, days in (
        ("1", known, -1),
        ("2", known, 2),
        ("3", known, 3),
        ("4", by_mail, 7),
        ("5", other, 8),
    ):
        with database.write() as unit:
            placed = begun + timedelta(days=days)
            unit.session.add(
                Order(brand_id=brand.pk, customer_id=customer, number=number, total=1000, placed_at=placed)
            )
    with database.read() as unit:
        report = widgets.read(unit, widget.id, {"campaigns": [HELLO]}, WEEK, "en")
    (row,) = report.campaigns
    assert (row.name, row.shown, row.clicked, row.answered, row.ordered) == ("Hello", 20, 1, 4, 2)
    assert row.value == {"JPY": 3000}


def test_the_report_shows_where_people_leave_a_flow(database: Database, widget: Widget) -> None:
    walks = {
        ("what", ""): 10, ("free", "what"): 4, ("ticket", "what"): 2, ("opened", "what"): 1, ("answered", "free"): 3,
    }  # fmt: skip
    with database.write() as unit:
        counted = {
            Counted(widget.id, "flow", "returns", step, before, TODAY): n
            for (step, before), n in walks.items()
        }
        counts.add(unit, counted)
    with database.read() as unit:
        report = widgets.read(unit, widget.id, {"flows": [RETURNS]}, WEEK, "en")
    (flow,) = report.flows
    assert (flow.title, flow.started, flow.answered, flow.tickets) == ("Returns", 10, 3, 2)
    first, second = flow.steps
    assert (first.text, first.entered, first.left, first.tickets, first.opened) == (
        "What happened?",
        10,
        3,
        2,
        1,
    )
    assert (second.text, second.entered, second.left, second.answered) == ("Returns are free.", 4, 1, 3)


def test_what_was_deleted_keeps_its_numbers(database: Database, widget: Widget) -> None:
    with database.write() as unit:
        counts.add(
            unit,
            {Counted(widget.id, "campaign", "hello", "shown", "", TODAY): 5,
             Counted(widget.id, "flow", "returns", "what", "", TODAY): 2},
        )  # fmt: skip
    with database.read() as unit:
        report = widgets.read(unit, widget.id, {}, WEEK, "en")
    assert [(one.name, one.shown) for one in report.campaigns] == [("hello", 5)]
    assert [(one.title, one.started, one.steps[0].text) for one in report.flows] == [("returns", 2, "what")]

"""Pages that a signed-in visitor opened: kept without their secrets, for a while, and of nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.chat import visitors, visits
from helpdesk.chat.visitors import Hello
from helpdesk.customers.identify import identify
from helpdesk.models import Brand, ChannelAccount, SiteVisit, Visitor
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.stories import rows


@pytest.fixture
def visitor(database: Database, brand: Brand) -> Visitor:
    with database.write() as unit:
        widget = ChannelAccount(brand_id=brand.pk, kind="chat", address="w", created_at=unit.now)
        unit.session.add(widget)
        customer = identify(unit, brand.pk, "email", "hanako@example.jp")
        unit.session.flush()
        visitor = Visitor(
            brand_id=brand.pk,
            account_id=widget.pk,
            customer_id=customer.pk,
            user_id="u1",
            verified=True,
            last_seen_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(visitor)
    return visitor


def turn(database: Database, visitor: Visitor, page: str, title: str = "") -> None:
    with database.write() as unit:
        there = unit.session.get_one(Visitor, visitor.pk)
        visitors.update_facts(there, Hello(page=page, title=title), unit)


def seen(database: Database) -> list[str]:
    return [one.url for one in rows(database, SiteVisit)]


def test_each_page_is_noted_once_until_another_is_opened(database: Database, visitor: Visitor) -> None:
    for page in ("/", "/", "/cups?utm=1", "/cups?utm=2#top", "/"):
        turn(database, visitor, f"https://shop.example{page}")
    assert seen(database) == ["https://shop.example/", "https://shop.example/cups", "https://shop.example/"]
    assert {one.customer_id for one in rows(database, SiteVisit)} == {visitor.customer_id}


def test_of_a_stranger_nothing_is_noted(database: Database, visitor: Visitor) -> None:
    with database.write() as unit:
        unit.session.get_one(Visitor, visitor.pk).verified = False
    turn(database, visitor, "https://shop.example/")
    assert seen(database) == []


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("https://user:secret@shop.example/a?token=1#x", "https://shop.example/a"),
        ("http://shop.example", "http://shop.example/"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_only_where_they_were_is_kept(page: str, kept: str) -> None:
    assert visits.shown(page) == kept


def test_after_ninety_days_it_is_forgotten(
    database: Database, visitor: Visitor, clock: StandingClock
) -> None:
    turn(database, visitor, "https://shop.example/old")
    clock.advance(days=89)
    turn(database, visitor, "https://shop.example/new")
    clock.advance(days=2)
    with database.write() as unit:
        assert visits.sweep(unit) == 1
    assert seen(database) == ["https://shop.example/new"]
    assert timedelta(days=90) == visits.KEPT_FOR

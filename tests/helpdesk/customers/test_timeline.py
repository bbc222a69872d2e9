from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.commerce import points
from helpdesk.customers import timeline
from helpdesk.customers.merge import merge, undo
from helpdesk.customers.timeline import KINDS as CHIPS
from helpdesk.customers.timeline import Asked
from helpdesk.errors import Invalid
from helpdesk.models import (
    Agent,
    ChannelAccount,
    ChatRating,
    Customer,
    Message,
    Order,
    Refund,
    Shipment,
    SiteVisit,
    Ticket,
    Visitor,
)
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.tickets import note
from tests.conftest import StandingClock
from tests.helpdesk.stories import only


@pytest.fixture
def full(database: Database, ticket: Ticket, agent: Agent, files: Files) -> Customer:
    """A customer of whom there is one thing of each kind."""
    with database.write() as unit:
        customer = unit.session.get_one(Customer, ticket.customer_id)
        order = Order(
            brand_id=ticket.brand_id,
            customer_id=customer.pk,
            number="HK-20001",
            state="delivered",
            total=8640,
            placed_at=unit.now - timedelta(days=9),
            cancelled_at=unit.now - timedelta(days=1),
            returned_at=unit.now - timedelta(hours=9),
            promised_on=date(2026, 1, 1),
        )
        unit.session.add(order)
        unit.session.flush()
        unit.session.add(
            Shipment(
                brand_id=ticket.brand_id,
                order_id=order.pk,
                carrier="yamato",
                state="delivered",
                shipped_at=unit.now - timedelta(days=8),
                delivered_at=unit.now - timedelta(days=6),
            )
        )
        unit.session.add(Refund(brand_id=ticket.brand_id, order_id=order.pk, amount=500, created_at=unit.now))
        points.record(
            unit,
            customer=customer,
            amount=86,
            kind="earned",
            reason="HK-20001",
            idempotency_key="o1",
            at=unit.now,
        )
        note.add(unit, unit.session.get_one(Ticket, ticket.pk), by=agent, body="確認中", files=files)
        _talk(unit, ticket, customer)
    return customer


KINDS = {
    "message", "note", "call", "ticket_opened", "ticket_closed", "order_placed", "order_shipped", "order_delivered",
    "order_cancelled", "order_returned", "refund", "points", "rating", "visit",
}  # fmt: skip


def _talk(unit: Unit, ticket: Ticket, customer: Customer) -> None:
    """A call, a chat that was rated, and a page that was opened; then the ticket is closed."""
    unit.session.add(
        Message(
            brand_id=ticket.brand_id,
            ticket_id=ticket.pk,
            customer_id=customer.pk,
            channel="phone",
            direction="in",
            content={"type": "call", "state": "missed", "inbound": True},
            fingerprint="call",
            sent_at=unit.now - timedelta(hours=3),
            created_at=unit.now,
        )
    )
    widget = ChannelAccount(brand_id=ticket.brand_id, kind="chat", address="w", created_at=unit.now)
    unit.session.add(widget)
    unit.session.flush()
    whose: dict[str, Any] = {"brand_id": ticket.brand_id, "customer_id": customer.pk, "created_at": unit.now}
    visitor = Visitor(**whose, account_id=widget.pk, verified=True, last_seen_at=unit.now)
    unit.session.add(visitor)
    unit.session.flush()
    unit.session.add(
        SiteVisit(**whose, visitor_id=visitor.pk, url="https://shop.example/cups", title="湯のみ")
    )
    unit.session.add(ChatRating(**whose, visitor_id=visitor.pk, ticket_id=ticket.pk, score=4, comment="早い"))
    home = unit.session.get_one(Ticket, ticket.pk)
    home.status, home.closed_at = "closed", unit.now


def test_everything_stands_on_one_line_newest_first(database: Database, full: Customer) -> None:
    with database.read() as unit:
        page = timeline.page(unit, full.pk)
    assert {entry.kind for entry in page.entries} == KINDS
    assert page.next is None
    times = [entry.at for entry in page.entries]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_give_every_entry_once(database: Database, full: Customer, limit: int) -> None:
    with database.read() as unit:
        whole = [entry.place for entry in timeline.page(unit, full.pk, limit=1000).entries]
        assert _walk(unit, full.pk, limit) == whole


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offsets=st.lists(st.integers(0, 3), min_size=1, max_size=25), limit=st.integers(1, 7))
def test_pages_hold_even_when_many_things_share_a_moment(
    database: Database, customer: Customer, clock: StandingClock, offsets: list[int], limit: int
) -> None:
    with database.write() as unit:
        for number, offset in enumerate(offsets):
            at = unit.now - timedelta(hours=offset)
            order = Order(
                brand_id=customer.brand_id,
                customer_id=customer.pk,
                number=f"{clock.now}{number}",
                placed_at=at,
            )
            unit.session.add(order)
            unit.session.flush()
            unit.session.add(Refund(brand_id=customer.brand_id, order_id=order.pk, amount=1, created_at=at))
        unit.session.flush()
        whole = [entry.place for entry in timeline.page(unit, customer.pk, limit=1000).entries]
        assert len(whole) == 2 * len(offsets)
        assert _walk(unit, customer.pk, limit) == whole
        unit.session.rollback()


@pytest.mark.parametrize("cursor", ["x", "a~b~c", "2026-01-01T00:00:00+00:00~message~x", "~~"])
def test_a_cursor_that_is_none_is_refused(database: Database, customer: Customer, cursor: str) -> None:
    with database.read() as unit, pytest.raises(Invalid):
        timeline.page(unit, customer.pk, before=cursor)


def test_another_customers_line_is_not_mixed_in(database: Database, full: Customer, ticket: Ticket) -> None:
    with database.write() as unit:
        stranger = Customer(brand_id=full.brand_id, name="Else", created_at=unit.now)
        unit.session.add(stranger)
        unit.session.flush()
        assert timeline.page(unit, stranger.pk).entries == []
    assert only(database, Ticket).customer_id == full.pk


def test_what_was_bought_goes_along_when_customers_are_merged_and_parted(
    database: Database, full: Customer
) -> None:
    with database.write() as unit:
        other = Customer(brand_id=full.brand_id, name="Else", created_at=unit.now)
        unit.session.add(other)
        unit.session.flush()
        whole = [one.place for one in timeline.page(unit, full.pk, limit=1000).entries]
        done = merge(unit, unit.session.get_one(Customer, full.pk), other, by=None)
        assert [one.place for one in timeline.page(unit, other.pk, limit=1000).entries] == whole
        assert timeline.page(unit, full.pk).entries == []
        undo(unit, done, by=None)
        assert [one.place for one in timeline.page(unit, full.pk, limit=1000).entries] == whole
        assert timeline.page(unit, other.pk).entries == []


SOURCES = [one for some in CHIPS.values() for one in some]
BY_CHIP = {
    "messages": {"message"},
    "notes": {"note"},
    "calls": {"call"},
    "tickets": {"ticket_opened", "ticket_closed"},
    "orders": {"order_placed", "order_cancelled"},
    "parcels": {"order_shipped", "order_delivered"},
    "refunds": {"refund", "order_returned"},
    "points": {"points"},
    "ratings": {"rating"},
    "visits": {"visit"},
}


@pytest.mark.parametrize("chip", CHIPS)
def test_a_chip_shows_its_kinds_alone(database: Database, full: Customer, chip: str) -> None:
    with database.read() as unit:
        page = timeline.page(unit, full.pk, asked=Asked(kinds=[chip]))
    assert {entry.kind for entry in page.entries} == BY_CHIP[chip]


@pytest.mark.parametrize("limit", [1, 4])
def test_pages_of_several_chips_give_every_entry_once(database: Database, full: Customer, limit: int) -> None:
    asked = Asked(kinds=["notes", "calls", "orders", "refunds"])
    with database.read() as unit:
        whole = timeline.page(unit, full.pk, limit=1000, asked=asked).entries
        assert _walk(unit, full.pk, limit, asked) == [entry.place for entry in whole]
    assert {entry.kind for entry in whole} == {
        "note", "call", "order_placed", "order_cancelled", "order_returned", "refund",
    }  # fmt: skip


def test_a_channel_shows_what_came_by_it_alone(database: Database, full: Customer) -> None:
    with database.read() as unit:
        phone = timeline.page(unit, full.pk, asked=Asked(channels=["phone"])).entries
        mail = timeline.page(unit, full.pk, asked=Asked(channels=["email"])).entries
        none = timeline.page(unit, full.pk, asked=Asked(kinds=["orders"], channels=["email"])).entries
    assert [entry.kind for entry in phone] == ["call"]
    assert {entry.data["channel"] for entry in mail if "channel" in entry.data} == {"email"}
    assert {entry.kind for entry in mail} == {"message", "note", "ticket_opened", "ticket_closed"}
    assert none == []


def test_a_parcel_and_a_refund_know_whose_order_it_is(database: Database, full: Customer) -> None:
    assert only(database, Shipment).buyer_id == full.pk
    assert only(database, Refund).buyer_id == full.pk


def _walk(unit: object, customer_id: int, limit: int, asked: Asked | None = None) -> list[timeline.Place]:
    places: list[timeline.Place] = []
    before = None
    while True:
        page = timeline.page(unit, customer_id, before=before, limit=limit, asked=asked)  # type: ignore[arg-type]
        places += [entry.place for entry in page.entries]
        assert len(page.entries) <= limit
        if page.next is None:
            return places
        before = page.next

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.commerce import points
from helpdesk.customers import timeline
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Customer, Order, Refund, Shipment, Ticket
from helpdesk.store.db import Database
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
    return customer


KINDS = {
    "message", "note", "ticket_opened", "order_placed", "order_shipped", "order_delivered", "order_cancelled",
    "refund", "points",
}  # fmt: skip


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


def _walk(unit: object, customer_id: int, limit: int) -> list[timeline.Place]:
    places: list[timeline.Place] = []
    before = None
    while True:
        page = timeline.page(unit, customer_id, before=before, limit=limit)  # type: ignore[arg-type]
        places += [entry.place for entry in page.entries]
        assert len(page.entries) <= limit
        if page.next is None:
            return places
        before = page.next

"""The customer beside the conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.access import Access
from helpdesk.commerce import points
from helpdesk.errors import NotFound
from helpdesk.inbox import panel
from helpdesk.models import Agent, Brand, Customer, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_order, add_ticket


def test_a_late_parcel_says_how_late_and_where(database: Database, brand: Brand, access: Access) -> None:
    ticket = add_ticket(database, brand)
    with database.read() as unit:
        now = unit.now
    add_order(
        database,
        ticket.customer_id,
        brand,
        shipped_at=now - timedelta(days=4),
        expected_on=(now - timedelta(days=2)).date(),
        last_scan_at=now - timedelta(hours=50),
        last_scan_place="仙台ベース店",
    )
    with database.read() as unit:
        (line,) = panel.for_ticket(unit, access, ticket.key).orders
    assert (line.words, line.trouble) == ("Delivery is late", True)
    assert line.detail == "2 days late · no scan for 50 hours · 仙台ベース店"
    assert line.steps == ("done", "done", "trouble", "")
    assert line.carrier == "Yamato Transport"


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("placed", ("done", "now", "", "")),
        ("late_to_ship", ("done", "trouble", "", "")),
        ("in_transit", ("done", "done", "now", "")),
        ("delivered", ("done", "done", "done", "done")),
        ("cancelled", ()),
    ],
)
def test_steps_show_how_far_a_parcel_is(state: str, steps: tuple[str, ...]) -> None:
    assert panel.steps_of(state) == steps


def test_apologies_of_the_last_90_days_are_summed(
    database: Database, brand: Brand, access: Access, agent: Agent
) -> None:
    ticket = add_ticket(database, brand)
    with database.write() as unit:
        customer = unit.session.get_one(Customer, ticket.customer_id)
        for n, amount in enumerate((300, 200)):
            points.grant(
                unit,
                brand=unit.session.get_one(Brand, brand.pk),
                customer=customer,
                ticket=unit.session.get_one(Ticket, ticket.pk),
                agent=unit.session.get_one(Agent, agent.pk),
                amount=amount,
                reason="goodwill",
                idempotency_key=str(n),
            )
        points.record(
            unit,
            customer=customer,
            amount=900,
            kind="apology",
            reason="old",
            idempotency_key="old",
            at=unit.now - timedelta(days=91),
        )
    with database.read() as unit:
        found = panel.for_ticket(unit, access, ticket.key)
    assert (found.apology_points, found.apology_grants, found.customer.points) == (500, 2, 1400)


def test_earlier_tickets_leave_out_the_open_one(database: Database, brand: Brand, access: Access) -> None:
    old, new = add_ticket(database, brand, status="closed", waited=900), add_ticket(database, brand)
    add_ticket(database, brand, name="somebody else")
    with database.read() as unit:
        found = panel.for_ticket(unit, access, new.key)
    assert [one.key for one in found.earlier] == [old.key]
    assert found.tickets_count == 2


def test_another_brands_customer_is_not_there(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    foreign = add_ticket(database, other_brand)
    with database.read() as unit:
        customer = unit.session.get_one(Customer, foreign.customer_id)
        for read, key in ((panel.for_ticket, foreign.key), (panel.for_customer, customer.key)):
            with pytest.raises(NotFound):
                read(unit, access, key)

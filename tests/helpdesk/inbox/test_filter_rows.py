"""Each field of the filter shows its own tickets and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.access import Access
from helpdesk.commerce.orders import cards
from helpdesk.inbox import counts, filter_rows, listing
from helpdesk.inbox.filter import ORDERS, SORTS, Filter
from helpdesk.models import Agent, Brand, Customer, Draft, Follower, Order, Refund, Shipment, Team, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import seen, tag
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_ticket, put_tag


def keys(database: Database, access: Access, chosen: Filter, **given: Any) -> list[str]:
    with database.read() as unit:
        return [row.key for row in listing.rows(unit, access, chosen, **given).rows]


def change(database: Database, kind: type[Any], pk: int, **values: object) -> None:
    with database.write() as unit:
        row = unit.session.get_one(kind, pk)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ({"status": "pending"}, Filter(status=("pending",))),
        ({"status": "closed"}, Filter(view="all", status=("closed",))),
        ({"status": "spam"}, Filter(status=("spam",))),
        ({"channel": "line"}, Filter(channel=("chat", "line"))),
        ({"language": "en"}, Filter(language=("en",))),
        ({"urgency": 60}, Filter(urgency=("high",))),
        ({"urgency": 10}, Filter(urgency=("low",))),
        ({"urgency": 100}, Filter(urgency=("high", "urgent"))),
        ({"urgency": 41}, Filter(least=41)),
        ({"assignee_id": None, "subject": "x"}, Filter(assignee=("none",), language=("en",))),
        ({"waited": 300}, Filter(waiting="4h")),
        ({"waited": 60 * 24 * 3}, Filter(created_to="2026-01-03")),
    ],
)
def test_fields_of_the_ticket(
    database: Database, brand: Brand, access: Access, values: dict[str, Any], chosen: Filter
) -> None:
    usual: dict[str, Any] = {"urgency": 40, "assignee_id": access.agent_id}
    wanted = add_ticket(
        database, brand, **usual | values | ({"language": "en"} if "subject" in values else {})
    )
    add_ticket(database, brand, **usual)
    assert keys(database, access, chosen) == [wanted.key]


def test_assignees_are_me_nobody_and_colleagues(
    database: Database, brand: Brand, access: Access, make_agent: Callable[..., Agent]
) -> None:
    other = make_agent("Ben Other")
    mine = add_ticket(database, brand, assignee_id=access.agent_id)
    theirs = add_ticket(database, brand, assignee_id=other.pk)
    nobodys = add_ticket(database, brand)
    assert keys(database, access, Filter(assignee=("me",))) == [mine.key]
    assert keys(database, access, Filter(assignee=(other.key,))) == [theirs.key]
    assert set(keys(database, access, Filter(assignee=("me", "none")))) == {mine.key, nobodys.key}
    assert keys(database, access, Filter(assignee=("unheardof",))) == []


def test_tags_any_all_and_none(database: Database, brand: Brand, access: Access) -> None:
    both, first, plain = (add_ticket(database, brand) for _ in range(3))
    put_tag(database, both, "refund")
    put_tag(database, both, "vip")
    with database.write() as unit:
        tag.add(unit, unit.session.get_one(Ticket, first.pk), "refund", by=None)
    for view in ("unanswered", "all"):
        found = {
            "any": set(keys(database, access, Filter(view=view, tag=("refund", "vip")))),
            "all": set(keys(database, access, Filter(view=view, tag=("refund", "vip"), match="all"))),
            "none": set(keys(database, access, Filter(view=view, without=("refund",)))),
        }
        assert found == {"any": {both.key, first.key}, "all": {both.key}, "none": {plain.key}}


def test_teams_and_brands(database: Database, brand: Brand, other_brand: Brand, access: Access) -> None:
    with database.write() as unit:
        team = Team(brand_id=brand.pk, name="夜勤")
        unit.session.add(team)
        unit.session.flush()
    both = Access(access.agent_id, "admin", (brand.pk, other_brand.pk))
    ours, foreign = add_ticket(database, brand, team_id=team.pk), add_ticket(database, other_brand)
    assert keys(database, both, Filter(team=(str(team.pk),))) == [ours.key]
    assert keys(database, both, Filter(brand=(other_brand.key,))) == [foreign.key]
    assert keys(database, access, Filter(brand=(other_brand.key,))) == []


def test_customers_by_rank_and_what_they_bought(database: Database, brand: Brand, access: Access) -> None:
    vip, fresh = add_ticket(database, brand, name="客 一"), add_ticket(database, brand, name="客 二")
    change(database, Customer, vip.customer_id, vip=True, tier="gold", orders_count=7)
    assert keys(database, access, Filter(customer=("vip",))) == [vip.key]
    assert keys(database, access, Filter(customer=("new",))) == [fresh.key]
    assert keys(database, access, Filter(tier="gold")) == [vip.key]
    assert keys(database, access, Filter(orders=7)) == [vip.key]
    assert keys(database, access, Filter(orders=8)) == []


def test_order_states_are_those_that_the_order_card_shows(
    database: Database, brand: Brand, access: Access, clock: StandingClock
) -> None:
    """Every mixture of order, parcel and refund gets the filter of exactly its own state."""
    with database.write() as unit:
        for mixture in _mixtures(clock.now):
            _add(unit, brand, *mixture)
    with database.read() as unit:
        orders = {order.pk: order for order in unit.session.exec(select(Order))}
        state = {card.order.pk: card.state for card in cards(unit, list(orders.values()))}
        tickets = unit.session.exec(select(Ticket)).all()
        for name in ORDERS:
            if name == "none":
                continue
            where = filter_rows.conditions(unit, access, Filter(order=(name,)))
            found = {one.order_id for one in unit.session.exec(select(Ticket).where(*where))}
            alike = {"not_shipped": ("placed", "not_shipped", "late_to_ship")}.get(name, (name,))
            assert found == {pk for pk in orders if state[pk] in alike}, name
    assert len(tickets) > 100
    lonely = add_ticket(database, brand)
    assert keys(database, access, Filter(order=("none",))) == [lonely.key]
    assert lonely.key in keys(database, access, Filter(order=("none", "late")), limit=400)


def _mixtures(now: datetime) -> list[tuple[dict[str, Any], dict[str, Any] | None, bool]]:
    old, today = now - timedelta(days=5), now.date()
    orders = [
        {"state": state, "payment": payment, "promised_on": promised, "ship_by": ship_by}
        for state, payment in (
            *(("placed", "paid"), ("shipped", "paid"), ("shipped", "refunded")),
            *(("cancelled", "paid"), ("returned", "paid"), ("cancelled", "refunded")),
        )
        for promised in (None, today - timedelta(days=1), today)
        for ship_by in (None, old)
    ]
    parcels: list[dict[str, Any] | None] = [None, {"state": "label"}]
    parcels += [{"state": state} for state in ("in_transit", "exception", "delivered", "returned")]
    parcels += [{"state": "in_transit", "last_scan_at": old}]
    parcels += [{"state": "out_for_delivery", "expected_on": today - timedelta(days=1)}]
    return list(product(orders, parcels, (False, True)))


def _add(
    unit: Unit, brand: Brand, order: dict[str, Any], parcel: dict[str, Any] | None, refund: bool
) -> None:
    customer = unit.session.get(Customer, 1) or Customer(brand_id=brand.pk, name="客", created_at=unit.now)
    unit.session.add(customer)
    unit.session.flush()
    place = len(unit.session.new) + len(unit.session.identity_map)
    row = Order(brand_id=brand.pk, customer_id=customer.pk, number=f"A-{place}", placed_at=unit.now, **order)
    unit.session.add(row)
    unit.session.flush()
    if parcel:
        unit.session.add(Shipment(brand_id=brand.pk, order_id=row.pk, state="delivered"))
        unit.session.flush()
        unit.session.add(Shipment(brand_id=brand.pk, order_id=row.pk, **parcel))
    if refund:
        unit.session.add(Refund(brand_id=brand.pk, order_id=row.pk, amount=1, created_at=unit.now))
    unit.session.add(
        Ticket(
            brand_id=brand.pk,
            number=100_000 + place,
            customer_id=customer.pk,
            channel="email",
            order_id=row.pk,
            last_message_at=unit.now,
            created_at=unit.now,
            updated_at=unit.now,
        )
    )
    unit.session.flush()


def test_days_are_the_agents(database: Database, brand: Brand, access: Access) -> None:
    """In Tokyo 5 January begins at 15:00 UTC of the day before."""
    early, late = (
        add_ticket(database, brand, waited=60 * 12 + 1),
        add_ticket(database, brand, waited=60 * 12 - 1),
    )
    assert keys(database, access, Filter(created_from="2026-01-05")) == [late.key]
    assert keys(database, access, Filter(updated_to="2026-01-04")) == [early.key]
    everything = Filter(created_from=date.min.isoformat(), created_to=date.max.isoformat())
    assert set(keys(database, access, everything)) == {early.key, late.key}


def test_snoozed_ones_are_shown_when_asked_for(database: Database, brand: Brand, access: Access) -> None:
    with database.read() as unit:
        later = unit.now + timedelta(hours=1)
    asleep, awake = add_ticket(database, brand, snoozed_until=later), add_ticket(database, brand)
    assert keys(database, access, Filter(snoozed="yes")) == [asleep.key]
    assert keys(database, access, Filter(view="all", snoozed="no")) == [awake.key]
    assert set(keys(database, access, Filter(status=("open",)))) == {asleep.key, awake.key}


def test_followed_tickets_and_drafts_are_the_agents_own(
    database: Database, brand: Brand, access: Access, make_agent: Callable[..., Agent]
) -> None:
    other = Access(make_agent("Ben Other").pk, "agent", access.brand_ids)
    ticket = add_ticket(database, brand)
    with database.write() as unit:
        unit.session.add(Follower(ticket_id=ticket.pk, agent_id=access.agent_id, created_at=unit.now))
        unit.session.add(Draft(ticket_id=ticket.pk, agent_id=access.agent_id, updated_at=unit.now))
    for chosen in (Filter(following=True), Filter(draft=True)):
        assert keys(database, access, chosen) == [ticket.key]
        assert keys(database, other, chosen) == []


def test_unread_is_each_agents_own(
    database: Database,
    brand: Brand,
    access: Access,
    agent: Agent,
    clock: StandingClock,
    make_agent: Callable[..., Agent],
) -> None:
    other = Access(make_agent("Ben Other").pk, "agent", access.brand_ids)
    ticket = add_ticket(database, brand, received_at=clock.now)

    def unread(who: Access) -> bool:
        with database.read() as unit:
            (row,) = listing.rows(unit, who, Filter(view="all")).rows
        assert (keys(database, who, Filter(view="all", unread=True)) == [ticket.key]) == row.unread
        return row.unread

    assert unread(access)
    with database.write() as unit:
        seen.mark(unit, unit.session.get_one(Ticket, ticket.pk), by=access.agent_id)
    assert (unread(access), unread(other)) == (False, True)
    change(database, Ticket, ticket.pk, received_at=clock.advance(minutes=1))
    assert unread(access)
    change(database, Ticket, ticket.pk, status="pending")
    assert (unread(access), unread(other)) == (False, False)
    with database.write() as unit:
        seen.mark_unread(unit, unit.session.get_one(Ticket, ticket.pk), by=agent)
    assert (unread(access), unread(other)) == (True, False)
    with database.write() as unit:
        seen.mark(unit, unit.session.get_one(Ticket, ticket.pk), by=access.agent_id)
    assert not unread(access)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("brands", [1, 2])
def test_every_order_pages_without_gaps(
    database: Database, brand: Brand, other_brand: Brand, access: Access, sort: str, brands: int
) -> None:
    reach = Access(access.agent_id, "admin", (brand.pk, other_brand.pk)[:brands])
    for n in range(12):
        where = (brand, other_brand)[n % brands]
        status, waiting = ("open", "pending", "closed")[n % 3], {} if n % 2 else {"waiting_since": None}
        add_ticket(database, where, urgency=n % 3 * 30, waited=60 * (n % 4), status=status, **waiting)
    add_ticket(database, brand, status="merged")
    chosen, found, after = Filter(view="all", sort=sort), [], ""
    while True:
        with database.read() as unit:
            page = listing.rows(unit, reach, chosen, after=after, limit=5)
        found += [row.key for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert found == keys(database, reach, chosen, limit=100)
    assert len(set(found)) == len(found) == 12
    with database.read() as unit:
        assert len(listing.ids(unit, reach, chosen, most=7)) == 7
        assert listing.count(unit, reach, chosen, most=100) == 12


def test_orders_of_the_list_are_what_they_say(database: Database, brand: Brand, access: Access) -> None:
    old = add_ticket(database, brand, waited=500, waiting_since=None, urgency=10)
    waiting = add_ticket(database, brand, waited=300, urgency=0)
    fresh = add_ticket(database, brand, waited=5, urgency=90)
    expected = {
        "urgency": [fresh, old, waiting],
        "waiting": [waiting, fresh, old],
        "updated": [fresh, waiting, old],
        "newest": [fresh, waiting, old],
        "oldest": [old, waiting, fresh],
    }
    for sort, order in expected.items():
        assert keys(database, access, Filter(sort=sort)) == [ticket.key for ticket in order], sort


def test_saved_views_are_counted_beside_the_built_in_ones(
    database: Database, brand: Brand, access: Access
) -> None:
    add_ticket(database, brand, channel="line")
    add_ticket(database, brand)
    views = {"a": Filter(channel=("line",)), "b": Filter(view="closed"), "c": Filter(q="荷物")}
    with database.read() as unit:
        assert counts.read(unit, access, views).saved == {"a": 1}

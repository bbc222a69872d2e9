"""Merging two customers and taking it back, in any order, leaves everything where its links say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.customers.identify import find_customer, identify
from helpdesk.customers.merge import OWNED, merge, undo
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import (
    Agent,
    Brand,
    Customer,
    CustomerMerge,
    Message,
    Order,
    PointsEntry,
    Ticket,
)
from helpdesk.store.db import Database, Unit
from helpdesk.tickets.open import open_ticket

Person = Callable[..., int]


@pytest.fixture
def person(database: Database, brand: Brand) -> Person:
    """A customer with an address, a ticket with a message, an order and points; returns its id."""
    made = iter(range(1000))

    def person(name: str = "", **more: Any) -> int:
        number = next(made)
        with database.write() as unit:
            customer = identify(unit, brand.pk, "email", f"p{number}@example.jp", name=name)
            for field, value in more.items():
                setattr(customer, field, value)
            write(unit, unit.session.get_one(Brand, brand.pk), customer, f"p{number}@example.jp", number)
            unit.session.add(
                Order(
                    brand_id=brand.pk,
                    customer_id=customer.pk,
                    number=f"N{number}",
                    total=1000 + number,
                    currency="JPY",
                    placed_at=unit.now,
                )
            )
            unit.session.add(
                PointsEntry(
                    brand_id=brand.pk,
                    customer_id=customer.pk,
                    amount=10 + number,
                    kind="earned",
                    reason="test",
                    idempotency_key=f"k{number}",
                    created_at=unit.now,
                )
            )
            customer.points, customer.spent, customer.orders_count = 10 + number, 1000 + number, 1
            return customer.pk

    return person


def write(unit: Unit, brand: Brand, customer: Customer, address: str, number: int) -> Ticket:
    ticket = open_ticket(unit, brand, customer, channel="email", account_id=None, subject="s", language="ja")
    unit.session.add(
        Message(
            brand_id=brand.pk,
            ticket_id=ticket.pk,
            customer_id=customer.pk,
            channel="email",
            direction="in",
            sender={"name": "", "address": address},
            fingerprint=f"f{number}-{ticket.pk}",
            sent_at=unit.now,
            created_at=unit.now,
        )
    )
    unit.session.flush()
    return ticket


def join(database: Database, source: int, target: int, agent: Agent | None = None, **more: Any) -> int:
    with database.write() as unit:
        source_row, target_row = (unit.session.get_one(Customer, pk) for pk in (source, target))
        return merge(unit, source_row, target_row, by=agent, **more).pk


def part(database: Database, pk: int) -> None:
    with database.write() as unit:
        undo(unit, unit.session.get_one(CustomerMerge, pk), by=None)


def owners(database: Database) -> dict[tuple[str, int], int]:
    """(table, row) -> whose it is."""
    with database.read() as unit:
        return {
            (name, row[0]): row[1]
            for name, table in OWNED.items()
            for row in unit.session.exec(select(table.id, table.customer_id))
            if row[1] is not None
        }


def sums(database: Database) -> dict[int, tuple[int, int, int]]:
    with database.read() as unit:
        return {
            one.pk: (one.points, one.spent, one.orders_count) for one in unit.session.exec(select(Customer))
        }


def test_everything_moves_and_moves_back(database: Database, person: Person, agent: Agent) -> None:
    a, b = person("山田 花子", note="ギフト包装"), person("Y. Hanako", vip=True, note="left-handed")
    before, counted = owners(database), sums(database)
    done = join(database, b, a, agent)
    assert set(owners(database).values()) == {a}
    assert sums(database)[a] == (10 + 11, 2001, 2)
    assert sums(database)[b] == (0, 0, 0)
    with database.read() as unit:
        one = unit.session.get_one(Customer, a)
        assert (one.name, one.vip, one.note) == ("山田 花子", True, "ギフト包装\nleft-handed")
    part(database, done)
    assert {row: owner for row, owner in owners(database).items() if row in before} == before
    assert sums(database) == counted
    with database.read() as unit:
        one = unit.session.get_one(Customer, a)
        assert (one.vip, one.note) == (False, "ギフト包装")


def test_an_address_leads_to_the_merged_customer(database: Database, brand: Brand, person: Person) -> None:
    a, b = person(), person()
    join(database, b, a)
    with database.read() as unit:
        found = find_customer(unit, brand.pk, "email", "p1@example.jp")
        assert found
        assert found.pk == a


def test_what_an_address_brought_since_goes_back_with_it(
    database: Database, brand: Brand, person: Person, clock: Any
) -> None:
    a, b = person(), person()
    done = join(database, b, a)
    clock.advance(minutes=5)
    with database.write() as unit:
        home = unit.session.get_one(Customer, a)
        theirs = write(unit, unit.session.get_one(Brand, brand.pk), home, "p1@example.jp", 90)
        stays = write(unit, unit.session.get_one(Brand, brand.pk), home, "p0@example.jp", 91)
    part(database, done)
    now = owners(database)
    assert (now["tickets", theirs.pk], now["tickets", stays.pk]) == (b, a)
    assert [now[one] for one in now if one[0] == "messages"].count(b) == 2


def test_somebody_chooses_the_fields(database: Database, person: Person) -> None:
    a, b = person("古い名前"), person("新しい名前")
    join(database, b, a, fields={"name": "新しい名前"})
    with database.read() as unit:
        assert unit.session.get_one(Customer, a).name == "新しい名前"


def test_a_correction_since_the_merge_stays(database: Database, person: Person) -> None:
    a, b = person("A"), person("B")
    done = join(database, b, a, fields={"name": "B"})
    with database.write() as unit:
        unit.session.get_one(Customer, a).name = "C"
    part(database, done)
    with database.read() as unit:
        assert unit.session.get_one(Customer, a).name == "C"


def test_what_cannot_be_merged_says_why(database: Database, person: Person, other_brand: Brand) -> None:
    a, b = person(), person()
    with database.write() as unit:
        stranger = identify(unit, other_brand.pk, "email", "x@example.jp").pk
    for source, target in ((a, a), (a, stranger)):
        with pytest.raises(Invalid):
            join(database, source, target)
    done = join(database, b, a)
    with pytest.raises(Invalid):
        join(database, b, person())
    part(database, done)
    with pytest.raises(Conflict):
        part(database, done)


def test_after_ninety_days_it_stays(database: Database, person: Person, clock: Any) -> None:
    a, b = person(), person()
    done = join(database, b, a)
    clock.advance(days=91)
    with pytest.raises(Invalid, match="90 days"):
        part(database, done)


def test_a_cancelled_order_is_counted_but_not_spent_before_and_after(
    database: Database, person: Person
) -> None:
    a, b = person(), person()
    with database.write() as unit:
        order = unit.session.exec(select(Order).where(Order.customer_id == b)).one()
        order.cancelled_at = unit.now
    done = join(database, b, a)
    assert sums(database)[a] == (10 + 11, 1000, 2)
    part(database, done)
    assert (sums(database)[a], sums(database)[b]) == ((10, 1000, 1), (11, 0, 1))

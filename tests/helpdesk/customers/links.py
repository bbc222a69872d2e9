"""Customers under test beside a model of their links that knows nothing of how merging is done.

A row belongs to an address or to a customer's own, an address to a customer, a customer to whom it is merged into.
"""

from __future__ import annotations

import random
from itertools import count
from typing import Any

from sqlmodel import col, select

from helpdesk.customers.belongings import OWNED
from helpdesk.customers.identify import EMAIL, identify, list_identities
from helpdesk.customers.merge import merge, root, undo
from helpdesk.customers.split import put_back, split_off
from helpdesk.models import (
    Brand,
    ChannelAccount,
    Contact,
    Customer,
    CustomerMerge,
    Event,
    Identity,
    Message,
    Order,
    PointsEntry,
    Shipment,
    Visitor,
)
from helpdesk.store.db import Database, Unit
from helpdesk.tickets.open import open_ticket

PEOPLE, KINDS = 5, (EMAIL, "line", "chat")
Row = tuple[str, int]
Link = tuple[str, Any]  # ("address", identity) or ("own", customer)


class World:
    """The database under test beside the links that say how it ought to be."""

    def __init__(self, database: Database, brand: Brand, clock: Any, dice: random.Random) -> None:
        self.database, self.clock, self.dice = database, clock, dice
        self.brand_id, self.numbers = brand.pk, count()
        self.link: dict[Row, Link] = {}
        self.at: dict[int, int] = {}  # identity -> customer
        self.above: dict[int, int] = {}
        self.active: dict[int, int] = {}  # merge -> who would stand by themselves again
        self.split: dict[int, tuple[int, int]] = {}  # merge -> whose the address is now, where it was
        self.vip: dict[int, bool] = {}
        self.accounts: dict[str, int] = {}
        with database.write() as unit:
            for kind in KINDS:
                account = ChannelAccount(
                    brand_id=brand.pk, kind=kind, address=f"{kind}@shop.example", created_at=unit.now
                )
                unit.session.add(account)
                unit.session.flush()
                self.accounts[kind] = account.pk
        for _ in range(PEOPLE):
            self.person()

    def home(self, customer: int) -> int:
        return self.home(self.above[customer]) if customer in self.above else customer

    def roots(self) -> list[int]:
        return [one for one in self.vip if one not in self.above]

    def owner(self, row: Row) -> int:
        kind, whose = self.link[row]
        return self.home(self.at[whose] if kind == "address" else whose)

    def person(self) -> None:
        """Known by one to three addresses; each has opened a ticket, they have an order and points for it."""
        with self.database.write() as unit:
            customer: Customer | None = None
            for kind in self.dice.sample(KINDS, self.dice.randint(1, 3)):
                customer = self._address(unit, kind, customer)
            assert customer
            customer.vip, customer.note = self.dice.random() < 0.3, f"note {customer.pk}"
            self.vip[customer.pk] = customer.vip
            self._order(unit, customer)
        for identity in [one for one, whose in self.at.items() if whose == customer.pk]:
            self.write(identity)

    def _address(self, unit: Unit, kind: str, customer: Customer | None) -> Customer:
        value = f"{kind}{next(self.numbers)}@x.example"
        if customer is None:
            customer = identify(unit, self.brand_id, kind, value, name="")
            identity = list_identities(unit, customer.pk)[0]
        else:
            identity = Identity(
                brand_id=self.brand_id, customer_id=customer.pk, kind=kind, value=value, created_at=unit.now
            )
        unit.session.add(identity)
        known: Any = None
        if kind == "line":
            known = Contact(address=value)
        if kind == "chat":
            known = Visitor(key=value[:24], last_seen_at=unit.now)
        if known:
            known.brand_id, known.account_id, known.created_at = self.brand_id, self.accounts[kind], unit.now
            known.customer_id = customer.pk
            unit.session.add(known)
        unit.session.flush()
        self.at[identity.pk] = customer.pk
        for row in filter(None, (identity, known)):
            self.link[row.__tablename__, row.pk] = ("address", identity.pk)
        return customer

    def _order(self, unit: Unit, customer: Customer) -> None:
        number = next(self.numbers)
        order = Order(
            brand_id=self.brand_id,
            customer_id=customer.pk,
            number=f"N{number}",
            total=100,
            placed_at=unit.now,
        )
        unit.session.add(order)
        unit.session.flush()
        unit.session.add(Shipment(brand_id=self.brand_id, order_id=order.pk, buyer_id=customer.pk))
        earned = self._points(unit, customer, order_id=order.pk)
        for row in (order, earned):
            self.link[row.__tablename__, row.pk] = ("own", customer.pk)
        customer.spent, customer.orders_count = customer.spent + 100, customer.orders_count + 1

    def _points(self, unit: Unit, customer: Customer, **on: int) -> PointsEntry:
        number = next(self.numbers)
        given = PointsEntry(
            brand_id=self.brand_id,
            customer_id=customer.pk,
            amount=7,
            kind="earned",
            reason="test",
            idempotency_key=f"k{number}",
            created_at=unit.now,
            **on,
        )
        unit.session.add(given)
        unit.session.flush()
        customer.points += 7
        return given

    def write(self, identity: int, ticket: int | None = None) -> None:
        """From that address: a new ticket with points in it, or one more message and its answer in `ticket`."""
        with self.database.write() as unit:
            home = unit.session.get_one(Customer, self.home(self.at[identity]))
            writer = unit.session.get_one(Identity, identity)
            brand = unit.session.get_one(Brand, self.brand_id)
            if ticket is None:
                opened = open_ticket(
                    unit, brand, home, channel=writer.kind, account_id=None, subject="s", language="ja"
                )
                unit.session.flush()
                ticket = opened.pk
                self.link["tickets", ticket] = ("address", identity)
                given = self._points(unit, home, ticket_id=ticket)
                self.link["points_entries", given.pk] = ("address", identity)
            for direction, whose in (("in", ("address", identity)), ("out", self.link["tickets", ticket])):
                said = Message(
                    brand_id=self.brand_id,
                    ticket_id=ticket,
                    customer_id=home.pk,
                    channel=writer.kind,
                    direction=direction,
                    sender={"address": writer.value if direction == "in" else "shop@x.example"},
                    fingerprint=f"f{next(self.numbers)}",
                    sent_at=unit.now,
                    created_at=unit.now,
                )
                unit.session.add(said)
                unit.session.flush()
                self.link["messages", said.pk] = whose

    def happened(self) -> None:
        """Lines of the log that were just written belong to their ticket, else to whom they were written of."""
        with self.database.read() as unit:
            for pk, ticket, whose in unit.session.exec(select(Event.id, Event.ticket_id, Event.customer_id)):
                link = self.link["tickets", ticket] if ticket else ("own", whose)
                self.link.setdefault(("events", pk), link)

    def step(self) -> None:
        self.clock.advance(seconds=7)
        self.dice.choices(
            [self.join, self.part, self.take_off, self.back, self.say, self.buy], [5, 3, 3, 2, 3, 1]
        )[0]()
        self.happened()

    def join(self) -> None:
        if len(self.roots()) < 2:
            return self.part()
        source, target = self.dice.sample(self.roots(), 2)
        with self.database.write() as unit:
            done = merge(unit, *(unit.session.get_one(Customer, pk) for pk in (source, target)), by=None)
        self.active[done.pk], self.above[source] = source, target
        return None

    def part(self) -> None:
        if self.active:
            done = self.dice.choice(list(self.active))
            with self.database.write() as unit:
                undo(unit, unit.session.get_one(CustomerMerge, done), by=None)
            source = self.active.pop(done)
            if done in self.split:
                self.split[done] = source, self.above[source]
            del self.above[source]

    def take_off(self) -> None:
        """An address of somebody who has another, and some of the orders there."""
        homes: dict[int, list[int]] = {}
        for one, whose in self.at.items():
            homes.setdefault(self.home(whose), []).append(one)
        several = [one for one in homes.items() if len(one[1]) > 1]
        if not several:
            return
        home, known = self.dice.choice(several)
        identity = self.dice.choice(known)
        orders = [pk for name, pk in self.link if name == "orders" and self.owner((name, pk)) == home]
        chosen = self.dice.sample(orders, self.dice.randint(0, min(2, len(orders))))
        with self.database.write() as unit:
            done = split_off(
                unit,
                unit.session.get_one(Customer, home),
                unit.session.get_one(Identity, identity),
                by=None,
                orders=chosen,
            )
            points = unit.session.exec(
                select(PointsEntry.id).where(col(PointsEntry.order_id).in_(chosen))
            ).all()
        new = done.source_id
        assert done.target_id == self.at[identity]
        self.split[done.pk] = new, self.at[identity]
        self.at[identity], self.vip[new] = new, False
        for row in (*(("orders", pk) for pk in chosen), *(("points_entries", pk) for pk in points)):
            self.link[row] = ("own", new)

    def back(self) -> None:
        ready = [
            (done, new, below)
            for done, (new, below) in self.split.items()
            if done not in self.active and new not in self.above and self.home(below) != new
        ]
        if ready:
            done, new, below = self.dice.choice(ready)
            with self.database.write() as unit:
                put_back(unit, unit.session.get_one(CustomerMerge, done), by=None)
            self.active[done], self.above[new] = new, below

    def say(self) -> None:
        identity = self.dice.choice(list(self.at))
        home = self.home(self.at[identity])
        tickets = [pk for name, pk in self.link if name == "tickets" and self.owner((name, pk)) == home]
        self.write(identity, self.dice.choice([None, *tickets]))

    def buy(self) -> None:
        with self.database.write() as unit:
            self._order(unit, unit.session.get_one(Customer, self.dice.choice(self.roots())))

    def check(self) -> None:
        with self.database.read() as unit:
            found = {
                (name, pk): whose
                for name, table in OWNED.items()
                for pk, whose in unit.session.exec(select(table.id, table.customer_id))
                if whose is not None
            }
            assert found == {row: self.owner(row) for row in self.link}
            parcels = unit.session.exec(select(Shipment.order_id, Shipment.buyer_id)).all()
            assert all(buyer == found["orders", order] for order, buyer in parcels)
            people = {one.pk: one for one in unit.session.exec(select(Customer))}
            assert {pk: root(unit, one).pk for pk, one in people.items()} == {
                pk: self.home(pk) for pk in self.vip
            }
        for pk, one in people.items():
            own = [row for row in found if found[row] == pk]
            counted = [sum(name == wanted for name, _pk in own) for wanted in ("points_entries", "orders")]
            assert (one.points, one.spent, one.orders_count) == (7 * counted[0], 100 * counted[1], counted[1])
            below = [other for other in self.vip if self._is_below(other, pk)]
            assert one.vip == any(self.vip[other] for other in below)
            notes = {f"note {other}" for other in below if other in self.noted}
            assert set(filter(None, one.note.split("\n"))) == notes

    @property
    def noted(self) -> set[int]:
        return {one for one in self.vip if one not in {new for new, _below in self.split.values()}}

    def _is_below(self, customer: int | None, top: int) -> bool:
        while customer is not None:
            if customer == top:
                return True
            customer = self.above.get(customer)
        return False

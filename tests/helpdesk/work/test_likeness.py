"""Whoever writes is compared with those who are known; what was rejected stays so."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.customers import suggest
from helpdesk.customers.identify import identify
from helpdesk.customers.merge import merge, undo
from helpdesk.models import Agent, Brand, Customer, CustomerMerge, MergeSuggestion, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets.open import open_ticket
from helpdesk.work.likeness import Likeness


def write(database: Database, brand: Brand, kind: str, value: str, words: str) -> int:
    with database.write() as unit:
        customer = identify(unit, brand.pk, kind, value)
        here = unit.session.get_one(Brand, brand.pk)
        ticket = open_ticket(unit, here, customer, channel=kind, account_id=None, subject="", language="ja")
        unit.session.add(
            Message(
                brand_id=brand.pk,
                ticket_id=ticket.pk,
                customer_id=customer.pk,
                channel=kind,
                direction="in",
                sender={"address": value},
                text=words,
                reply=words,
                fingerprint=f"{value}{words}"[:64],
                sent_at=unit.now,
                created_at=unit.now,
            )
        )
        return customer.pk


def asked(database: Database) -> list[tuple[int, int, str]]:
    with database.read() as unit:
        return [(one.left_id, one.right_id, one.state) for one in unit.session.exec(select(MergeSuggestion))]


def test_who_names_anothers_address_is_suggested_soon(database: Database, brand: Brand) -> None:
    likeness = Likeness(database)
    mail = write(database, brand, "email", "hana@example.jp", "こんにちは")
    assert likeness.drain() == 1
    assert asked(database) == []
    line = write(database, brand, "line", "U1", "hana@example.jp で登録しています")
    assert (likeness.drain(), likeness.drain()) == (1, 0)
    assert asked(database) == [(mail, line, "open")]


def test_a_rejected_one_is_not_asked_again_by_the_next_message(
    database: Database, brand: Brand, agent: Agent
) -> None:
    mail = write(database, brand, "email", "hana@example.jp", "こんにちは")
    line = write(database, brand, "line", "U1", "hana@example.jp です")
    likeness = Likeness(database)
    likeness.drain()
    with database.write() as unit:
        suggest.reject(unit, unit.session.exec(select(MergeSuggestion)).one(), by=agent)
    write(database, brand, "line", "U1", "hana@example.jp ですよ")
    assert likeness.drain() == 1
    assert asked(database) == [(mail, line, "rejected")]


def test_many_are_looked_at_in_turn_and_nobody_is_left_out(database: Database, brand: Brand) -> None:
    likeness = Likeness(database)
    for number in range(25):
        write(database, brand, "line", f"U{number}", "こんにちは")
    assert (likeness.drain(), likeness.drain(), likeness.drain()) == (20, 5, 0)
    with database.read() as unit:
        assert len(unit.session.exec(select(Customer)).all()) == 25


def test_a_message_that_was_under_way_during_a_merge_follows_it_and_comes_back(
    database: Database, brand: Brand
) -> None:
    likeness = Likeness(database)
    one, other = (write(database, brand, "line", name, "こんにちは") for name in ("U1", "U2"))
    with database.write() as unit:
        done = merge(unit, *(unit.session.get_one(Customer, pk) for pk in (one, other)), by=None)
        late = unit.session.exec(select(Message).where(Message.fingerprint == "U1こんにちは")).one()
        ticket = unit.session.get_one(Ticket, late.ticket_id)
        late.customer_id = ticket.customer_id = one  # as a transaction leaves it that began before the merge
    likeness.drain()

    def whose() -> tuple[int, int]:
        with database.read() as unit:
            found = unit.session.get_one(Message, late.pk)
            return found.customer_id, unit.session.get_one(Ticket, found.ticket_id).customer_id

    assert whose() == (other, other)
    with database.write() as unit:
        undo(unit, unit.session.get_one(CustomerMerge, done.pk), by=None)
    assert whose() == (one, one)

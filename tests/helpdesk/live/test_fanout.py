from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from helpdesk.live.facts import CHANGED, Fact
from helpdesk.live.fanout import ROOM, Fanout, Notify, Word
from helpdesk.live.presence import Person, Place
from helpdesk.live.switchboard import Switchboard
from helpdesk.live.watch import Watch
from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket

PATIENCE = 20.0  # seconds; what is not said until then is never said


@contextmanager
def listening(fanout: Fanout) -> Iterator[queue.Queue[Word]]:
    heard: queue.Queue[Word] = queue.Queue()
    stop = threading.Event()
    thread = threading.Thread(target=fanout.run, args=(heard.put, stop))
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        thread.join()


def only_postgres(database: Database) -> None:
    if database.sqlite:
        pytest.skip("this is PostgreSQL's way; run with --db postgres")


def only_sqlite(database: Database) -> None:
    if not database.sqlite:
        pytest.skip("this is SQLite's way")


def tell_until_heard(fanout: Notify, heard: queue.Queue[Word], told: list[Fact]) -> Word:
    """The listener may not have begun yet: said again until the first word comes."""
    while True:
        fanout.tell(told)
        try:
            return heard.get(timeout=0.5)
        except queue.Empty:
            continue


def test_one_process_hears_another_by_notify_and_not_itself(database: Database) -> None:
    only_postgres(database)
    here, there = Notify(database, "here"), Notify(database, "there")
    told = [Fact("ticket_closed", 1, "aaa"), Fact("notified", 1, "bbb", agent_id=3)]
    with listening(here) as heard:
        assert tell_until_heard(there, heard, told) == Word("there", told, [])
        here.tell([Fact("own", 1, "aaa")])
        there.tell([Fact("after", 1, "aaa")])
        names = [""]
        while names[-1] != "after":
            names.append(heard.get(timeout=PATIENCE).facts[0].name)
        assert "own" not in names


def test_presence_and_long_lists_cross_in_parts_that_fit(database: Database) -> None:
    only_postgres(database)
    here, there = Notify(database, "here"), Notify(database, "there")
    many = [Fact("ticket_closed", 1, f"ticket{number:06}") for number in range(ROOM // 10)]
    someone = (Place("aaa", 1), {Person("k", "森 あかり"): "typing"})
    with listening(here) as heard:
        tell_until_heard(there, heard, [Fact("begin", 1, "x")])
        there.tell(many)
        there.tell_presence([someone])
        facts: list[Fact] = []
        while True:
            word = heard.get(timeout=PATIENCE)
            facts += [fact for fact in word.facts if fact.name != "begin"]
            if word.presence:
                break
        assert facts == many
        assert word.presence == [someone]


def test_a_unit_in_one_process_is_told_with_its_tickets_key_in_another(
    database: Database, brand: Brand
) -> None:
    only_postgres(database)
    ticket = add_ticket(database, brand)
    other = Switchboard(database)
    with listening(Notify(database, "here")) as heard:
        while heard.empty():
            with database.write() as unit:
                unit.tell("ticket_closed", brand.pk, ticket=ticket.pk)
            threading.Event().wait(0.2)
        assert heard.get().facts == [Fact("ticket_closed", brand.pk, ticket.key)]
    assert other.hub.seq == 0


def test_on_sqlite_a_message_of_another_process_is_named(database: Database, brand: Brand) -> None:
    only_sqlite(database)
    ticket = add_ticket(database, brand)
    watch = Watch(database, every=0.05)
    elsewhere = Database(database.url, clock=database.clock)
    named, told = Fact("message_received", brand.pk, ticket.key), []
    with listening(watch) as heard:
        for _ in range(100):  # the first ones may come before it has begun to look
            add_message(elsewhere, ticket, "Where is it?")
            threading.Event().wait(0.1)
            while not heard.empty():
                told += heard.get().facts
            if named in told:
                break
    elsewhere.close()
    assert named in told
    assert Fact(CHANGED) in told


def test_on_sqlite_a_change_right_after_another_is_told_a_little_later(
    database: Database, brand: Brand
) -> None:
    only_sqlite(database)
    watch = Watch(database, every=0.05, quiet=0.6)
    elsewhere = Database(database.url, clock=database.clock)

    def rename(name: str) -> None:
        with elsewhere.write() as unit:
            unit.session.get_one(Brand, brand.pk).name = name

    with listening(watch) as heard:
        names = iter(range(100))  # the first ones may come before it has begun to look
        while heard.empty():
            rename(f"Aoba {next(names)}")
            threading.Event().wait(0.1)
        heard.get()
        rename("Aoba at last")
        assert heard.get(timeout=10).facts == [Fact(CHANGED)]
    elsewhere.close()


def test_on_sqlite_what_this_process_writes_itself_is_no_news(database: Database, brand: Brand) -> None:
    only_sqlite(database)
    before = database.count_foreign_writes()
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "Hello")
    assert database.count_foreign_writes() == before
    elsewhere = Database(database.url, clock=database.clock)
    add_message(elsewhere, ticket, "Hello from elsewhere")
    elsewhere.close()
    assert database.count_foreign_writes() != before

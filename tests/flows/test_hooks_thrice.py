"""Providers tell everything three times, in any order, while the helpdesk is killed: each message is there once.

HELPDESK_HOOKS_N=10000 tells so many events; without it the number is small. Whoever gets no answer tells it again.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from helpdesk.models import Brand, ChannelAccount, Contact, InboundEvent, Message, Ticket
from helpdesk.simulate.vendors import VENDORS, Deed, Request
from helpdesk.store.db import Database, utc_now
from helpdesk.store.seal import Seal
from tests.conftest import SECRET
from tests.fakes.ports import free_port
from tests.flows.crash_worker import Instance
from tests.flows.hook_server import Place, serve

EVENTS = int(os.environ.get("HELPDESK_HOOKS_N", "500"))
PEOPLE = max(EVENTS // 25, 5)  # of each channel
KILLS = 1 if EVENTS <= 500 else 12
TIMES = 3
CALLERS = 8
PATIENCE = 60 + EVENTS / 20  # seconds until everything has to be there
KINDS = ("line", "messenger", "instagram", "whatsapp", "telegram")
SECRETS = {
    name: f"{name} of this test"
    for name in ("channel_secret", "app_secret", "webhook_secret", "verify_token")
}
BEGUN = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With the real clock: the server is another process."""
    database = Database(database_url, clock=utc_now)
    yield database
    database.close()


@pytest.fixture
def accounts(database: Database, brand: Brand) -> dict[str, ChannelAccount]:
    with database.write() as unit:
        made = {
            kind: ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address=f"A-{kind}",
                secrets=Seal(SECRET).close(SECRETS),
                created_at=unit.now,
            )
            for kind in KINDS
        }
        unit.session.add_all(made.values())
    return made


@dataclass
class Helpdesk:
    """One server at a time; a killed one is followed by the next on the same port."""

    place: Place
    kills: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self, lifetime: Callable[[], float]) -> Iterator[None]:
        thread = threading.Thread(target=self._live, args=(lifetime,))
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _live(self, lifetime: Callable[[], float]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.flows.hook_server"])
        generation = 0
        while not self._ended.is_set():
            started = context.Event()
            process = context.Process(target=serve, args=(self.place, generation, started), daemon=True)
            process.start()
            assert started.wait(60)
            last = generation >= KILLS
            killed = not self._ended.wait(None if last else lifetime())
            process.kill()
            process.join()
            process.close()
            self.kills += killed
            generation += 1


def test_everything_told_three_times_in_any_order_by_calls_that_break_is_there_once(
    database: Database,
    accounts: dict[str, ChannelAccount],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    deeds = [(KINDS[number % len(KINDS)], deed(number)) for number in range(EVENTS)]
    dice = random.Random(11)
    told = [one for _ in range(TIMES) for one in dice.sample(deeds, len(deeds))]
    place = Place(Instance(database.url, str(tmp_path), SECRET), free_port())
    helpdesk = Helpdesk(place)

    begun = time.monotonic()
    with helpdesk.running(lambda: random.uniform(0.3, 0.3 + EVENTS / 400)):
        repeated = tell(place.port, accounts, told)
        acknowledged = time.monotonic() - begun
        wait_until(lambda: is_done(database), PATIENCE)
    took = time.monotonic() - begun

    assert helpdesk.kills == KILLS
    words = (
        f"{EVENTS} events x {TIMES} by {len(told) + repeated} calls ({repeated} again after {KILLS} kills)"
    )
    print(
        f"\n{words}: all told after {acknowledged:.0f} s, all taken in after {took:.0f} s, {database.url[:8]}"
    )
    record_property("seconds", took)
    assert_each_is_there_once_in_its_providers_order(database, deeds)


def deed(number: int) -> Deed:
    at = BEGUN + timedelta(seconds=number)
    who = f"{7000 + (number // len(KINDS)) % PEOPLE}"
    return Deed("text", who, at, str(100_000 + number), f"その{number}")


def tell(port: int, accounts: dict[str, ChannelAccount], told: Sequence[tuple[str, Deed]]) -> int:
    """By several callers at once. Returns how many calls were made again."""
    todo, guard, repeated = iter(told), threading.Lock(), [0]

    def caller() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with guard:
                one = next(todo, None)
            if one is None:
                line.close()
                return
            kind, what = one
            account = accounts[kind]
            made = VENDORS[kind](what, SECRETS, account.address)
            while not call(line, f"/hooks/{kind}/{account.key}", made):
                with guard:
                    repeated[0] += 1
                time.sleep(0.1)

    threads = [threading.Thread(target=caller) for _ in range(CALLERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return repeated[0]


def call(line: http.client.HTTPConnection, path: str, made: Request) -> bool:
    try:
        line.request("POST", path, made.body, dict(made.headers))
        answer = line.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        line.close()
        return False
    assert answer.status in (200, 503), answer.status
    return answer.status == 200


def is_done(database: Database) -> bool:
    with database.read() as unit:
        waiting = select(func.count()).select_from(InboundEvent).where(InboundEvent.state == "queued")
        return not unit.session.scalar(waiting)


def wait_until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "not all was taken in"
        time.sleep(0.2)


def assert_each_is_there_once_in_its_providers_order(
    database: Database, deeds: Sequence[tuple[str, Deed]]
) -> None:
    with database.read() as unit:
        messages = unit.session.exec(select(Message).order_by(col(Message.sent_at), col(Message.id))).all()
        tickets = {one.pk: one for one in unit.session.exec(select(Ticket))}
        contacts = unit.session.exec(select(Contact)).all()
        odd = unit.session.scalar(
            select(func.count()).select_from(InboundEvent).where(InboundEvent.state != "done")
        )
    assert sorted(one.text for one in messages) == sorted(one.text for _, one in deeds)
    assert not odd
    assert [one.sent_at for one in messages] == sorted(one.at for _, one in deeds)
    assert len(contacts) == len({(kind, one.who) for kind, one in deeds})
    newest: dict[int, Message] = {}
    for one in messages:
        newest[one.ticket_id] = one
    for pk, one in newest.items():
        assert tickets[pk].last_message_at == one.sent_at
        assert tickets[pk].preview == one.text
    assert len(tickets) == len(contacts)
    assert sum(one.messages_count for one in tickets.values()) == len(messages)

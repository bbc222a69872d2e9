"""Webhooks at a steady rate while the helpdesk works: how soon is a call acknowledged, which means stored for good?

A real server in a process of its own (`helpdesk serve` on SQLite, its background with it) is called as LINE and Meta
call, signed, by 32 connections. The calls leave at fixed times whether or not earlier ones are answered, and each is
timed from the moment it was due. Meanwhile the same events are taken in, and agents read lists. The floor is starlette
with one INSERT and one COMMIT a call, called in the same way, with nothing else to do.

    python tests/bench/hooks.py [--rate 200] [--seconds 20] [--agents 4] [--tickets 300] [--processes 1]
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlmodel import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from helpdesk.models import Brand, ChannelAccount, InboundEvent
from helpdesk.people import accounts, sign_in
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.store import migrate, seal
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.fakes.ports import free_port
from tests.fakes.serving import serving
from tests.helpdesk.desk import add_ticket

WORDS = (
    "荷物がまだ届きません。注文は1001です。",
    "返品したいのですが。",
    "Where is my parcel?",
    "The cup came broken.",
)
KINDS = ("line", "line", "messenger", "instagram", "whatsapp")  # LINE twice as often
SECRETS = {"channel_secret": "s", "app_secret": "s", "access_token": "t"}
NOBODY = "http://127.0.0.1:9"  # where the providers would be asked who somebody is
CONNECTIONS = 32
PEOPLE = 500  # who write, again and again
AIM_MS = 100


@dataclass
class Shop:
    address: str
    database: Database
    brand: Brand
    hooks: dict[str, str] = field(default_factory=dict)  # kind -> path
    agents: list[str] = field(default_factory=list)


@dataclass
class Answers:
    """Seconds from when a call was due to its answer."""

    took: list[float] = field(default_factory=list)
    failed: int = 0

    def row(self) -> str:
        parts = statistics.quantiles(self.took, n=1000)
        over = sum(one * 1000 > AIM_MS for one in self.took)
        return (
            f"{len(self.took)} calls, {self.failed} failed: median {parts[499] * 1000:.1f}  "
            f"p95 {parts[949] * 1000:.1f}  p99 {parts[989] * 1000:.1f}  max {max(self.took) * 1000:.1f} ms, "
            f"{over} above {AIM_MS} ms"
        )

    @property
    def median(self) -> float:
        return statistics.median(self.took)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rate", type=float, default=200)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--agents", type=int, default=4, help="each reads a list again and again")
    options.add_argument("--tickets", type=int, default=300)
    options.add_argument("--processes", type=int, default=1, help="1: web and work together; 2: apart")
    given = options.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        floor = measure_floor(Path(folder), given.rate, min(given.seconds, 10))
        print(f"floor     {floor.row()}")
        shop = prepare(Path(folder), given.agents, given.tickets)
        with served(shop, Path(folder), apart=given.processes > 1) as processes:
            calls = make_calls(shop, int(given.rate * given.seconds))
            helpdesk, spent, reads = asyncio.run(under_load(shop, calls, given.rate, processes))
        report(shop, floor, helpdesk, spent, reads, given.seconds)


def measure_floor(folder: Path, rate: float, seconds: float) -> Answers:
    with serving(Starlette(routes=[Route("/", Floor(folder), methods=["POST"])])) as address:
        body = b'{"events":[{"type":"message","text":"' + b"x" * 300 + b'"}]}'
        calls = [_call(address, "/", body, {}) for _ in range(int(rate * seconds))]
        return asyncio.run(call_all(address, calls, rate))


class Floor:
    """The least that keeps a call: one row, one commit to the disk."""

    def __init__(self, folder: Path) -> None:
        self.base = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None, check_same_thread=False)
        self.base.execute("PRAGMA journal_mode=WAL")
        self.base.execute("PRAGMA synchronous=FULL")
        self.base.execute("CREATE TABLE told (id INTEGER PRIMARY KEY, name TEXT UNIQUE, raw BLOB)")
        self.number = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await Request(scope, receive).body()
        self.number += 1
        name = hashlib.sha256(body + str(self.number).encode()).hexdigest()
        self.base.execute("INSERT INTO told (name, raw) VALUES (?, ?)", (name, body))
        await Response()(scope, receive, send)


def prepare(folder: Path, agents: int, tickets: int) -> Shop:
    database = Database(f"sqlite:///{folder / 'helpdesk.sqlite3'}")
    migrate.upgrade(database)
    key = seal.load("", folder)
    with database.write() as unit:
        brand = Brand(name="青葉商店", created_at=unit.now)
        unit.session.add(brand)
        unit.session.flush()
        tag.ensure_tags(unit, brand)
        shop = Shop(f"127.0.0.1:{free_port()}", database, brand)
        for kind in dict.fromkeys(KINDS):
            account = ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address="A",
                config={"api_base": NOBODY},
                secrets=key.close(SECRETS),
                created_at=unit.now,
            )
            unit.session.add(account)
            shop.hooks[kind] = f"/hooks/{kind}/{account.key}"
        for number in range(agents):
            agent = accounts.create_agent(
                unit, email=f"a{number}@shop.example", name=f"Agent {number}", brand_ids={brand.pk}
            )
            shop.agents.append(sign_in.start(unit, agent, user_agent="bench", days=1))
    for number in range(tickets):
        add_ticket(database, brand, name=f"Customer {number}", waited=number)
    return shop


@contextmanager
def served(shop: Shop, folder: Path, *, apart: bool) -> Iterator[list[int]]:
    """The process ids of web and work, which are one unless they are wanted apart."""
    port = shop.address.rpartition(":")[2]
    wanted = [["serve", "--port", port, *(["--no-work"] if apart else [])], *([["work"]] if apart else [])]
    log = (folder / "server.log").open("wb")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "helpdesk", *one, "--data", str(folder)], stdout=log, stderr=log
        )
        for one in wanted
    ]
    try:
        _wait_for(shop, folder)
        yield [one.pid for one in started]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(timeout=60)


def _wait_for(shop: Shop, folder: Path) -> None:
    for _ in range(600):
        try:
            with urlopen(f"http://{shop.address}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit((folder / "server.log").read_text())


def make_calls(shop: Shop, count: int) -> list[bytes]:
    """Each a message of its own, in turns from all channels."""
    calls = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        who = f"{7_000_000 + number % PEOPLE}"
        deed = Deed("text", who, datetime.now(UTC), str(1000 + number), f"{random.choice(WORDS)} ({number})")
        made = VENDORS[kind](deed, SECRETS, "A")
        calls.append(_call(shop.address, shop.hooks[kind], made.body, made.headers))
    return calls


def _call(address: str, path: str, body: bytes, headers: Any) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: {address}\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def under_load(
    shop: Shop, calls: Sequence[bytes], rate: float, processes: list[int]
) -> tuple[Answers, float, int]:
    """The answers, the seconds of processor that the helpdesk used, and how many lists were read meanwhile."""
    reads = [0]
    readers = [asyncio.create_task(_read_lists(shop, token, reads)) for token in shop.agents]
    await asyncio.sleep(1)
    before = sum(map(_cpu_seconds, processes))
    answers = await call_all(shop.address, calls, rate)
    spent = sum(map(_cpu_seconds, processes)) - before
    for one in readers:
        one.cancel()
    for ended in await asyncio.gather(*readers, return_exceptions=True):
        if not isinstance(ended, asyncio.CancelledError):
            print(f"A READER ENDED EARLY: {ended!r}")
    return answers, spent, reads[0]


async def call_all(address: str, calls: Sequence[bytes], rate: float) -> Answers:
    """Each call at its time; the next free connection takes the oldest that is due."""
    answers, todo = Answers(), iter(enumerate(calls))
    begun = time.perf_counter() + 0.1

    async def connection() -> None:
        host, _, port = address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for number, call in todo:
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(call)
            status = await _answer(reader)
            answers.took.append(time.perf_counter() - due)
            answers.failed += status != 200
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return answers


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next((one for one in head.split("\r\n") if one.startswith("content-length:")), "0:0")
    await reader.readexactly(int(length.partition(":")[2]))
    return int(head.split(" ", 2)[1])


async def _read_lists(shop: Shop, token: str, reads: list[int]) -> None:
    """As an open window does when something is new: a list a second."""
    host, _, port = shop.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    ask = f"GET /inbox/rows?limit=30 HTTP/1.1\r\nHost: {shop.address}\r\nCookie: helpdesk={token}\r\n\r\n"
    while True:
        await asyncio.sleep(random.uniform(0.7, 1.3))
        writer.write(ask.encode())
        assert await _answer(reader) == 200
        reads[0] += 1


def report(shop: Shop, floor: Answers, helpdesk: Answers, spent: float, reads: int, seconds: float) -> None:
    with shop.database.read() as unit:
        count = select(func.count()).select_from(InboundEvent)
        kept = unit.session.scalar(count)
        done = unit.session.scalar(count.where(InboundEvent.state == "done"))
    print(f"helpdesk  {helpdesk.row()}")
    print(f"ratio of the medians: {helpdesk.median / floor.median:.1f}")
    print(f"kept {kept} of {len(helpdesk.took)}, taken in {done} until the end; lists read {reads}")
    print(f"helpdesk: {spent / seconds:.2f} of one core; load of the machine after: {os.getloadavg()[0]:.2f}")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

"""A hundred agents with open inboxes while mail comes in: does each hear of each message once, how soon, at what price.

A real server in a process of its own (`helpdesk serve` on SQLite, its background with it) gets mails by its hook. Each
agent is a socket that behaves as `static/js/live.js` does: after facts it waits as long as the server asks, at random,
and fetches the list again with the ETag it has. Three in four agents see both brands, the others one.

    python tests/bench/live.py [--agents 100] [--rate 20] [--seconds 20] [--tickets 300] [--blind]
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlmodel import col, select
from websockets.asyncio.client import connect

from helpdesk import mailboxes
from helpdesk.models import Brand, Message, Ticket
from helpdesk.people import accounts, sign_in
from helpdesk.store import migrate, seal
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.fakes.ports import free_port
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import mail

WORDS = ("荷物がまだ届きません。", "返品したいのですが。", "Where is my parcel?", "The cup arrived broken.")
SETTLE = 30.0  # seconds that stragglers get after the last mail


@dataclass
class Shop:
    url: str
    database: Database
    brands: list[Brand]
    hooks: list[tuple[str, str]] = field(default_factory=list)  # key and token of each brand's mailbox
    agents: list[tuple[str, set[int]]] = field(default_factory=list)  # token, brand ids


@dataclass
class Window:
    """One agent's inbox."""

    token: str
    brand_ids: set[int]
    heard: list[tuple[str, float]] = field(default_factory=list)
    fetches: list[float] = field(default_factory=list)
    unchanged: int = 0
    failed: int = 0
    bytes: int = 0
    rest: float = 0.3
    etag: str = ""
    dirty: asyncio.Event = field(default_factory=asyncio.Event)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--agents", type=int, default=100)
    options.add_argument("--rate", type=float, default=20)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--tickets", type=int, default=300)
    options.add_argument("--blind", action="store_true", help="sockets alone, no lists")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shop = prepare(Path(folder), given.agents, given.tickets)
        process = serve(shop, Path(folder))
        try:
            asyncio.run(measure(shop, process.pid, given.rate, given.seconds, blind=given.blind))
        finally:
            process.terminate()
            process.wait(timeout=20)
            shop.database.close()


def prepare(folder: Path, agents: int, tickets: int) -> Shop:
    database = Database(f"sqlite:///{folder / 'helpdesk.sqlite3'}")
    migrate.upgrade(database)
    key = seal.load("", folder)
    with database.write() as unit:
        brands = [Brand(name=name, created_at=unit.now) for name in ("青葉商店", "North Lane")]
        unit.session.add_all(brands)
        unit.session.flush()
        shop = Shop(f"127.0.0.1:{free_port()}", database, brands)
        for number, brand in enumerate(brands):
            tag.ensure_tags(unit, brand)
            account = mailboxes.add(unit, key, brand_id=brand.pk, address=f"desk{number}@shop.example")
            shop.hooks.append((account.key, key.open(account.secrets)[mailboxes.HOOK_TOKEN]))
        for number in range(agents):
            mine = {brand.pk for brand in (brands if number % 4 else brands[:1])}
            agent = accounts.create_agent(
                unit, email=f"a{number}@shop.example", name=f"Agent {number}", brand_ids=mine
            )
            shop.agents.append((sign_in.start(unit, agent, user_agent="bench", days=1), mine))
    for number in range(tickets):
        add_ticket(database, brands[number % 2], name=f"Customer {number}", waited=number)
    return shop


def serve(shop: Shop, folder: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "helpdesk",
        "serve",
        "--port",
        shop.url.rpartition(":")[2],
        "--data",
        str(folder),
    ]
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONUTF8": "1"})
    for _ in range(600):
        try:
            with urlopen(f"http://{shop.url}/readyz", timeout=2):
                return process
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise SystemExit((folder / "server.log").read_text())


async def measure(shop: Shop, pid: int, rate: float, seconds: float, *, blind: bool) -> None:
    windows = [Window(token, brand_ids) for token, brand_ids in shop.agents]
    ready = [asyncio.Event() for _ in windows]
    tasks = [asyncio.create_task(listen(shop, *both)) for both in zip(windows, ready, strict=True)]
    await asyncio.gather(*(one.wait() for one in ready))
    if not blind:
        tasks += [asyncio.create_task(look(shop, window)) for window in windows]
    await asyncio.sleep(2)
    begun, before = time.time(), cpu_seconds(pid)
    posted = await post_mails(shop, rate, seconds)
    took, spent = time.time() - begun, cpu_seconds(pid) - before
    expected = await settled(shop, windows, len(posted))
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    for fault in {repr(one) for one in ended if not isinstance(one, asyncio.CancelledError)}:
        print(f"A WINDOW ENDED EARLY: {fault}")
    report(shop, windows, posted, expected, took, spent)


async def listen(shop: Shop, window: Window, ready: asyncio.Event) -> None:
    headers = {"Cookie": f"helpdesk={window.token}", "Origin": f"http://{shop.url}"}
    async with connect(
        f"ws://{shop.url}/live", additional_headers=headers, proxy=None, compression=None
    ) as line:
        async for frame in line:
            now = time.time()
            for fact in json.loads(frame):
                window.rest = fact.get("rest", window.rest * 1000) / 1000
                if fact["name"] == "hello":
                    ready.set()
                if fact["name"] == "message_received":
                    window.heard.append((fact["ticket"], now))
                if "seq" in fact or fact["name"] == "reload":
                    window.dirty.set()


async def look(shop: Shop, window: Window) -> None:
    """The list as the browser renews it: after a random wait, never sooner than `rest` after the last time."""
    host, _, port = shop.url.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    last = 0.0
    try:
        while True:
            await window.dirty.wait()
            await asyncio.sleep(
                max(0.0, last + window.rest - time.time()) + random.random() * window.rest + 0.2
            )
            window.dirty.clear()
            begun = time.time()
            if reader.at_eof():  # the server closes what is idle
                writer.close()
                reader, writer = await asyncio.open_connection(host, int(port))
            await fetch(shop, window, reader, writer)
            last = time.time()
            window.fetches.append(last - begun)
    finally:
        writer.close()


async def fetch(
    shop: Shop, window: Window, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    ask = (
        f"GET /inbox/rows?limit=30 HTTP/1.1\r\nHost: {shop.url}\r\nCookie: helpdesk={window.token}\r\n"
        f"HX-Request: true\r\nAccept-Encoding: gzip\r\nIf-None-Match: {window.etag}\r\n\r\n"
    )
    writer.write(ask.encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status = int(head.split(" ", 2)[1])
    headers = {
        name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])
    }
    window.etag = headers.get("etag", window.etag)
    window.unchanged += status == 304
    window.failed += status not in (200, 304)
    if status != 304:
        body = await reader.readexactly(int(headers["content-length"]))
        window.bytes += len(body)


async def post_mails(shop: Shop, rate: float, seconds: float) -> dict[str, float]:
    """Message id -> when it was handed over. One new ticket each, evenly spread, as steady as the clock allows."""
    host, _, port = shop.url.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    posted: dict[str, float] = {}
    begun = time.time()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.time()))
        key, token = shop.hooks[number % 2]
        raw = mail(
            f"{random.choice(WORDS)} ({number})",
            sender=f"Customer {number} <c{number}@example.jp>",
            to=f"desk{number % 2}@shop.example",
            subject=f"Inquiry {number}",
            message_id=f"<bench-{number}@example.jp>",
            date=(datetime.now(UTC) - timedelta(minutes=1)).strftime("%a, %d %b %Y %H:%M:%S +0000"),
        )
        proof = base64.b64encode(f"x:{token}".encode()).decode()
        head = f"POST /hooks/mime/{key} HTTP/1.1\r\nHost: {shop.url}\r\nAuthorization: Basic {proof}\r\n"
        posted[f"bench-{number}@example.jp"] = time.time()
        writer.write(
            f"{head}Content-Type: message/rfc822\r\nContent-Length: {len(raw)}\r\n\r\n".encode() + raw
        )
        answer = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert " 202 " in answer.splitlines()[0], answer
        length = next(line for line in answer.lower().split("\r\n") if line.startswith("content-length"))
        await reader.readexactly(int(length.partition(": ")[2]))
    writer.close()
    return posted


async def settled(shop: Shop, windows: list[Window], count: int) -> list[tuple[str, str, int, datetime]]:
    """Message id, ticket key, brand and moment of every mail, once all are taken in and told, or time is up."""
    end = time.time() + SETTLE
    query = (
        select(Message.external_id, Ticket.key, Ticket.brand_id, Message.created_at)
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(col(Message.external_id).like("%bench-%"))
    )
    while True:
        with shop.database.read() as unit:
            found = [tuple(row) for row in unit.session.execute(query)]
        wanted = sum(brand in window.brand_ids for window in windows for _, _, brand, _ in found)
        if (len(found) == count and sum(len(one.heard) for one in windows) >= wanted) or time.time() > end:
            await asyncio.sleep(1)
            return found  # type: ignore[return-value]
        await asyncio.sleep(0.5)


def report(
    shop: Shop,
    windows: list[Window],
    posted: dict[str, float],
    expected: list[tuple[str, str, int, datetime]],
    took: float,
    spent: float,
) -> None:
    missed = twice = foreign = 0
    from_post: list[float] = []
    from_record: list[float] = []
    for window in windows:
        heard: dict[str, list[float]] = {}
        for key, at in window.heard:
            heard.setdefault(key, []).append(at)
        for message_id, key, brand_id, recorded in expected:
            times = heard.pop(key, [])
            if brand_id not in window.brand_ids:
                foreign += len(times)
                continue
            missed += not times
            twice += len(times) > 1
            if times:
                from_post.append(times[0] - posted[message_id.strip("<>")])
                from_record.append(times[0] - recorded.timestamp())
        foreign += len(heard)
    fetches = sorted(one for window in windows for one in window.fetches)
    print(f"{len(windows)} agents, {len(posted)} mails in {took:.1f} s ({len(expected)} taken in)")
    print(f"missed {missed}, told twice {twice}, of foreign brands {foreign}, deliveries {len(from_post)}")
    print(
        f"from the hook to the window  p50 {part(from_post, 50):.3f}  p99 {part(from_post, 99):.3f}  "
        f"max {max(from_post):.3f} s"
    )
    print(f"from the row to the window   p50 {part(from_record, 50):.3f}  p99 {part(from_record, 99):.3f} s")
    print(f"server: {spent / took:.2f} of one core")
    if not fetches:
        return
    if failed := sum(window.failed for window in windows):
        print(f"LISTS THAT FAILED: {failed}")
    unchanged = sum(window.unchanged for window in windows)
    size = sum(window.bytes for window in windows) / max(1, len(fetches) - unchanged)
    print(
        f"lists fetched: {len(fetches)} ({len(fetches) / took:.1f}/s, {unchanged} unchanged), "
        f"rest {windows[0].rest:.1f} s, "
        f"{size / 1000:.1f} kB, p50 {part(fetches, 50):.3f}  p99 {part(fetches, 99):.3f} s"
    )


def part(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else 0.0


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

"""Visitors with open chats, agents with open inboxes, and talk both ways: does each word arrive once, and how soon?

A real server in a process of its own (`helpdesk serve`, its background with it; on SQLite, or where
HELPDESK_DATABASE_URL says). Half of the messages are visitors' (measured until an agent's window hears of the ticket),
half are agents' answers by the form (measured until the visitor's window shows them). In the same run a bare server of
`websockets` passes the same frames to as many sockets: what no server can go below.

    python tests/bench/chat.py [--visitors 2000] [--agents 50] [--rate 50] [--seconds 60] [--small]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlmodel import col, select
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from helpdesk.chat.accounts import create_widget
from helpdesk.models import Brand, ChatLine, Message, Ticket, Visitor
from helpdesk.people import accounts, sign_in
from helpdesk.store import migrate, seal
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.fakes.ports import free_port

WORDS = ("荷物がまだ届きません。", "返品したいのですが。", "Where is my parcel?", "The cup arrived broken.")
SETTLE = 30.0  # seconds that stragglers get
OPENING = 50  # sockets opened at once


@dataclass
class Shop:
    address: str
    database: Database
    widget: str
    agents: list[str] = field(default_factory=list)  # tokens of signed-in browsers


@dataclass
class Guest:
    number: int
    line: ClientConnection
    token: str
    acknowledged: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)  # text of an answer -> when


@dataclass
class Figures:
    sent: dict[str, float] = field(default_factory=dict)  # text -> when, of visitors
    answered: dict[str, float] = field(default_factory=dict)  # text -> when, of agents
    heard: dict[str, list[float]] = field(default_factory=dict)  # ticket key -> when an agent's window heard
    refused: int = 0


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (("visitors", 2000), ("agents", 50), ("rate", 50), ("seconds", 60)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--small", action="store_true", help="a tenth of everything")
    given = options.parse_args()
    if given.small:
        given.visitors, given.agents, given.rate, given.seconds = 200, 5, 10, 10
    with tempfile.TemporaryDirectory() as folder:
        shop = prepare(Path(folder), given.agents)
        process = start(shop, Path(folder))
        try:
            asyncio.run(measure(shop, process.pid, given))
        finally:
            process.terminate()
            process.wait(timeout=30)
            shop.database.close()
    asyncio.run(bare(given))


def prepare(folder: Path, agents: int) -> Shop:
    url = os.environ.get("HELPDESK_DATABASE_URL") or f"sqlite:///{folder / 'helpdesk.sqlite3'}"
    database = Database(url.replace("postgresql://", "postgresql+psycopg://", 1))
    migrate.upgrade(database)
    key = seal.load("", folder)
    with database.write() as unit:
        brand = Brand(name="青葉商店", created_at=unit.now)
        unit.session.add(brand)
        unit.session.flush()
        tag.ensure_tags(unit, brand)
        widget = create_widget(unit, brand, key, config={"origins": ["*"]})
        shop = Shop(f"127.0.0.1:{free_port()}", database, widget.address)
        for number in range(agents):
            agent = accounts.create_agent(
                unit, email=f"a{number}@shop.example", name=f"Agent {number}", brand_ids=[brand.pk]
            )
            shop.agents.append(sign_in.start(unit, agent, user_agent="bench", days=1))
    return shop


def start(shop: Shop, folder: Path) -> subprocess.Popen[bytes]:
    port = shop.address.rpartition(":")[2]
    command = [sys.executable, "-m", "helpdesk", "serve", "--port", port, "--data", str(folder)]
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONUTF8": "1"})
    for _ in range(600):
        try:
            with urlopen(f"http://{shop.address}/readyz", timeout=2):
                return process
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise SystemExit((folder / "server.log").read_text())


async def measure(shop: Shop, pid: int, given: argparse.Namespace) -> None:
    figures = Figures()
    listening = [asyncio.create_task(listen(shop, token, figures)) for token in shop.agents]
    await asyncio.sleep(2)
    before = resident(pid)
    guests: list[Guest] = []
    for first in range(0, given.visitors, OPENING):
        some = range(first, min(first + OPENING, given.visitors))
        guests += await asyncio.gather(*(enter(shop, number) for number in some))
    each = (resident(pid) - before) / max(1, len(guests))
    reading = [asyncio.create_task(hear(guest)) for guest in guests]
    begun, spent = time.time(), cpu_seconds(pid)
    await talk(shop, guests, figures, given.rate, given.seconds)
    took, used = time.time() - begun, cpu_seconds(pid) - spent
    await settle(guests, figures)
    print(f"{len(guests)} visitors, {len(shop.agents)} agents, {given.rate} messages/s for {took:.0f} s")
    print(f"server: {used / took:.2f} of one core, {each / 1000:.0f} kB for each idle socket")
    report(shop, guests, figures)
    for task in (*listening, *reading):
        task.cancel()
    await asyncio.gather(*listening, *reading, return_exceptions=True)


async def enter(shop: Shop, number: int) -> Guest:
    line = await connect(f"ws://{shop.address}/chat?brand={shop.widget}", proxy=None, compression=None)
    await line.send(json.dumps({"type": "hello", "lang": "ja", "page": "https://shop.example/"}))
    welcome = json.loads(await line.recv())
    return Guest(number, line, welcome["visitor"])


async def hear(guest: Guest) -> None:
    async for text in guest.line:
        now, frame = time.time(), json.loads(text)
        if frame["type"] == "ack":
            guest.acknowledged[frame["key"]] = now
        elif frame["type"] == "message":
            assert frame["text"] not in guest.shown, "shown twice"
            guest.shown[frame["text"]] = now


async def listen(shop: Shop, token: str, figures: Figures) -> None:
    headers = {"Cookie": f"helpdesk={token}", "Origin": f"http://{shop.address}"}
    async with connect(
        f"ws://{shop.address}/live", additional_headers=headers, proxy=None, compression=None
    ) as line:
        async for frame in line:
            now = time.time()
            for fact in json.loads(frame):
                if fact["name"] == "message_received":
                    figures.heard.setdefault(fact["ticket"], []).append(now)


async def talk(shop: Shop, guests: list[Guest], figures: Figures, rate: int, seconds: int) -> None:
    """Evenly spread; an answer goes to somebody whose question is a ticket already."""
    begun, tasks = time.time(), set[asyncio.Task[None]]()
    asked: list[str] = []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, begun + number / rate - time.time()))
        fresh = [key for key in figures.heard if key not in asked]
        if number % 2 and fresh:
            asked.append(fresh[0])
            task = asyncio.create_task(answer(shop, fresh[0], number, figures))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        else:
            guest = guests[number % len(guests)]
            text = f"{random.choice(WORDS)} ({number})"
            figures.sent[text] = time.time()
            await guest.line.send(json.dumps({"type": "message", "key": f"k{number}", "text": text}))
    await asyncio.gather(*tasks)


async def answer(shop: Shop, ticket: str, number: int, figures: Figures) -> None:
    """By the composer's form, as an agent without scripts."""
    host, _, port = shop.address.partition(":")
    text = f"Answer {number}"
    body = urlencode({"body": text}).encode()
    token = random.choice(shop.agents)
    head = (
        f"POST /tickets/{ticket}/reply HTTP/1.1\r\nHost: {shop.address}\r\nCookie: helpdesk={token}\r\n"
        f"Origin: http://{shop.address}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    figures.answered[text] = time.time()
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(head.encode() + body)
    status = (await reader.readline()).decode()
    figures.refused += " 303 " not in status
    await reader.read()
    writer.close()


async def settle(guests: list[Guest], figures: Figures) -> None:
    end = time.time() + SETTLE
    while time.time() < end:
        shown = sum(len(one.shown) for one in guests)
        acknowledged = sum(len(one.acknowledged) for one in guests)
        if shown >= len(figures.answered) - figures.refused and acknowledged >= len(figures.sent):
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(1)


def report(shop: Shop, guests: list[Guest], figures: Figures) -> None:
    with shop.database.read() as unit:
        query = (
            select(col(ChatLine.text), col(ChatLine.writer), col(ChatLine.client_key), col(Ticket.key))
            .join(Visitor, col(Visitor.id) == col(ChatLine.visitor_id))
            .outerjoin(Message, col(Message.id) == col(ChatLine.message_id))
            .outerjoin(Ticket, col(Ticket.id) == col(Message.ticket_id))
        )
        lines = [tuple(row) for row in unit.session.execute(query)]
    said = [line for line in lines if line[1] == "visitor"]
    acknowledged = {key: at for guest in guests for key, at in guest.acknowledged.items()}
    shown = {text: at for guest in guests for text, at in guest.shown.items()}
    lost = set(acknowledged) - {line[2] for line in said}
    print(f"said {len(figures.sent)}, acknowledged {len(acknowledged)}, lost {len(lost)}", end="")
    print(f", doubled {len(said) - len({line[2] for line in said})}")
    missing = len(figures.answered) - figures.refused - len(shown)
    print(
        f"answered {len(figures.answered)} ({figures.refused} refused), shown {len(shown)}, missing {missing}"
    )
    by_text = {line[0]: line[3] for line in said}
    heard = [
        next((at for at in figures.heard.get(by_text.get(text, ""), []) if at >= sent), None)
        for text, sent in figures.sent.items()
    ]
    show(
        "visitor to acknowledgement",
        [acknowledged[line[2]] - figures.sent[line[0]] for line in said if line[2] in acknowledged],
    )
    told = [at - sent for at, sent in zip(heard, figures.sent.values(), strict=True) if at]
    show("visitor to agent's window", told)
    show("agent to visitor's window", [at - figures.answered[text] for text, at in shown.items()])


async def bare(given: argparse.Namespace) -> None:
    """The same rate through a server that does nothing else: one in, one visitor and all agents out."""
    times: list[float] = []
    inside: list[ServerConnection] = []

    async def echo(line: ServerConnection) -> None:
        inside.append(line)
        async for text in line:
            targets = [random.choice(inside), *inside[: given.agents]]
            await asyncio.gather(*(one.send(text) for one in targets))

    async def take(line: ClientConnection) -> None:
        async for text in line:
            times.append(time.time() - float(text))  # noqa: PERF401

    async with serve(echo, "127.0.0.1", 0, compression=None) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        lines = []
        for first in range(0, given.visitors + given.agents, OPENING):
            some = min(OPENING, given.visitors + given.agents - first)
            lines += await asyncio.gather(*(connect(url, proxy=None, compression=None) for _ in range(some)))
        tasks = [asyncio.create_task(take(line)) for line in lines]
        begun = time.time()
        for number in range(given.rate * min(given.seconds, 10)):
            await asyncio.sleep(max(0.0, begun + number / given.rate - time.time()))
            await lines[number % len(lines)].send(str(time.time()))
        await asyncio.sleep(1)
        show("bare server of websockets", times)
        for line in lines:
            await line.close()
        await asyncio.gather(*tasks, return_exceptions=True)


def show(name: str, values: list[float]) -> None:
    if len(values) < 2:
        print(f"{name}: too few")
        return
    parts = statistics.quantiles(values, n=100)
    print(
        f"{name:<28} n {len(values):<6} p50 {parts[49] * 1000:.0f}  p99 {parts[98] * 1000:.0f}  "
        f"max {max(values) * 1000:.0f} ms"
    )


def resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

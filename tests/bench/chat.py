"""Visitors with open chats, agents with open inboxes, and talk both ways: does each word arrive once, and how soon?

Real servers in processes of their own (`helpdesk serve`, its background with it; on SQLite, on a PostgreSQL of its
own, or where HELPDESK_DATABASE_URL says). Half of the messages are visitors' (measured until an agent's window hears
of the ticket), half are agents' answers by the form (measured until the visitor's window shows them). In the same run
a bare server of `websockets` passes the same frames to as many sockets: what no server can go below.

    python tests/bench/chat.py [--visitors 2000] [--agents 50] [--rate 50] [--seconds 60] [--small]
                               [--processes 2 --postgres] [--runs 3]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlmodel import col, select
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from helpdesk.models import ChatLine, Message, Ticket, Visitor
from tests.bench.chat_shop import Shop, opened

WORDS = ("荷物がまだ届きません。", "返品したいのですが。", "Where is my parcel?", "The cup arrived broken.")
SETTLE = 30.0  # seconds that stragglers get
OPENING = 50  # sockets opened at once


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
    waiting: deque[str] = field(default_factory=deque)  # tickets that nobody has answered
    refused: int = 0


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (("visitors", 2000), ("agents", 50), ("rate", 50), ("seconds", 60)):
        options.add_argument(f"--{name}", type=int, default=default)
    for name, default in (("processes", 1), ("runs", 1)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    options.add_argument("--small", action="store_true", help="a tenth of everything")
    given = options.parse_args()
    if given.small:
        given.visitors, given.agents, given.rate, given.seconds = 200, 5, 10, 10
    found = [run(given) for _ in range(given.runs)]
    floor = asyncio.run(bare(given))
    for name in found[0]:
        middle = statistics.median(one[name] for one in found)
        print(
            f"{name}: p99 {middle:.0f} ms (median of {given.runs}), {middle / floor:.1f} times the bare server's"
        )


def run(given: argparse.Namespace) -> dict[str, float]:
    """By the kind of message the slowest hundredth's milliseconds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(folder), agents=given.agents, processes=given.processes, postgres=given.postgres) as shop,
    ):
        return asyncio.run(measure(shop, given))


async def measure(shop: Shop, given: argparse.Namespace) -> dict[str, float]:
    figures = Figures()
    listening = [
        asyncio.create_task(listen(shop.address(number), token, figures))
        for number, token in enumerate(shop.agents)
    ]
    await asyncio.sleep(2)
    before = shop.memory()
    guests: list[Guest] = []
    for first in range(0, given.visitors, OPENING):
        some = range(first, min(first + OPENING, given.visitors))
        guests += await asyncio.gather(*(enter(shop, number) for number in some))
    each = (shop.memory() - before) / max(1, len(guests))
    reading = [asyncio.create_task(hear(guest)) for guest in guests]
    begun, spent = time.time(), shop.cpu()
    await talk(shop, guests, figures, given.rate, given.seconds)
    took, used = time.time() - begun, shop.cpu() - spent
    await settle(guests, figures)
    print(f"{len(guests)} visitors, {len(shop.agents)} agents, {given.rate} messages/s for {took:.0f} s")
    print(f"server: {used / took:.2f} of one core, {each / 1000:.0f} kB for each idle socket")
    found = report(shop, guests, figures)
    for task in (*listening, *reading):
        task.cancel()
    await asyncio.gather(*listening, *reading, return_exceptions=True)
    return found


async def enter(shop: Shop, number: int) -> Guest:
    url = f"ws://{shop.address(number)}/chat?brand={shop.widget}"
    line = await connect(url, proxy=None, compression=None)
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


async def listen(address: str, token: str, figures: Figures) -> None:
    headers = {"Cookie": f"helpdesk={token}", "Origin": f"http://{address}"}
    async with connect(
        f"ws://{address}/live", additional_headers=headers, proxy=None, compression=None
    ) as line:
        async for frame in line:
            now = time.time()
            for fact in json.loads(frame):
                if "message_received" in (fact["name"], *fact.get("also", ())):
                    if fact["ticket"] not in figures.heard:
                        figures.waiting.append(fact["ticket"])
                    figures.heard.setdefault(fact["ticket"], []).append(now)


async def talk(shop: Shop, guests: list[Guest], figures: Figures, rate: int, seconds: int) -> None:
    """Evenly spread; an answer goes to somebody whose question is a ticket already."""
    begun, tasks = time.time(), set[asyncio.Task[None]]()
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, begun + number / rate - time.time()))
        if number % 2 and figures.waiting:
            task = asyncio.create_task(answer(shop, figures.waiting.popleft(), number, figures))
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
    address = shop.address(number // 2)
    host, _, port = address.partition(":")
    text = f"Answer {number}"
    body = urlencode({"body": text}).encode()
    token = random.choice(shop.agents)
    head = (
        f"POST /tickets/{ticket}/reply HTTP/1.1\r\nHost: {address}\r\nCookie: helpdesk={token}\r\n"
        f"Origin: http://{address}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
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


def report(shop: Shop, guests: list[Guest], figures: Figures) -> dict[str, float]:
    """What the clients know, compared with the database."""
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
    answered = [at - figures.answered[text] for text, at in shown.items()]
    names = "visitor to agent's window", "agent to visitor's window"
    return {name: show(name, values) for name, values in zip(names, (told, answered), strict=True)}


async def bare(given: argparse.Namespace) -> float:
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
        slowest = show("bare server of websockets", times)
        for line in lines:
            await line.close()
        await asyncio.gather(*tasks, return_exceptions=True)
    return slowest


def show(name: str, values: list[float]) -> float:
    """The slowest hundredth, in milliseconds."""
    if len(values) < 2:
        print(f"{name}: too few")
        return 0.0
    parts = statistics.quantiles(values, n=100)
    print(
        f"{name:<28} n {len(values):<6} p50 {parts[49] * 1000:.0f}  p99 {parts[98] * 1000:.0f}  "
        f"max {max(values) * 1000:.0f} ms"
    )
    return parts[98] * 1000


if __name__ == "__main__":
    main()

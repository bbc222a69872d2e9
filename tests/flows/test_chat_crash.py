"""The server is killed while visitors talk; what was acknowledged is there once and in order.

HELPDESK_CHAT_CRASH_N=40 lets each visitor say so much; without it the numbers are small.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlmodel import col, select
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from helpdesk.models import Brand, ChatLine, InboundEvent, Message, Ticket, Visitor
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.conftest import SECRET
from tests.fakes.ports import free_port
from tests.helpdesk.chat.desk import add_widget

EACH = int(os.environ.get("HELPDESK_CHAT_CRASH_N", "8"))
VISITORS, KILLS = 12, 3
PATIENCE = 120.0


@dataclass
class Talker:
    """A visitor that says the same again until it is acknowledged, as the widget does."""

    url: str
    number: int
    token: str = ""
    acknowledged: dict[str, int] = field(default_factory=dict)
    resent: int = 0

    async def talk(self) -> None:
        while len(self.acknowledged) < EACH:
            try:
                await self._session()
            except (OSError, WebSocketException, TimeoutError):
                self.resent += 1
                await asyncio.sleep(0.2)

    async def _session(self) -> None:
        async with connect(self.url, proxy=None, open_timeout=5) as line:
            await line.send(json.dumps({"type": "hello", "lang": "en", "visitor": self.token}))
            async with asyncio.timeout(10):
                self.token = json.loads(await line.recv())["visitor"]
            while len(self.acknowledged) < EACH:
                key = f"k{len(self.acknowledged)}"
                await line.send(json.dumps({"type": "message", "key": key, "text": f"{self.number}: {key}"}))
                async with asyncio.timeout(10):
                    await self._acknowledged(line, key)
                await asyncio.sleep(0.12)

    async def _acknowledged(self, line: object, key: str) -> None:
        while True:
            frame = json.loads(await line.recv())  # type: ignore[attr-defined]
            if frame["type"] == "ack" and frame["key"] == key:
                self.acknowledged[key] = frame["seq"]
                return
            if frame["type"] == "error":
                await asyncio.sleep(frame.get("retry_after", 0.3))
                raise TimeoutError


class Server:
    def __init__(self, folder: Path, url: str) -> None:
        self.port = free_port()
        names = {"DATA": str(folder), "DATABASE_URL": url, "SECRET_KEY": SECRET, "LEASE_SECONDS": "5"}
        self.environment = os.environ | {f"HELPDESK_{name}": value for name, value in names.items()}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk", "serve", "--port", str(self.port)],
            env=self.environment,
            cwd=Path(__file__).parents[2],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()


def test_after_crashes_every_acknowledged_message_is_there_once_and_in_order(
    database: Database, database_url: str, brand: Brand, seal: Seal, tmp_path: Path
) -> None:
    widget = add_widget(database, brand, seal)
    server = Server(tmp_path, database_url)
    url = f"ws://127.0.0.1:{server.port}/chat?brand={widget.address}"
    talkers = [Talker(url, number) for number in range(VISITORS)]
    server.start()
    try:
        asyncio.run(_load(server, talkers))
        _settle(database)
    finally:
        server.kill()
    _assert_once_and_in_order(database, talkers)
    print(f"{VISITORS * EACH} messages, {KILLS} kills, {sum(one.resent for one in talkers)} connections lost")


async def _load(server: Server, talkers: list[Talker]) -> None:
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        for talker in talkers:
            tasks.create_task(talker.talk())
        for done in range(1, KILLS + 1):
            while sum(len(one.acknowledged) for one in talkers) < done * VISITORS * EACH // (KILLS + 1):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            await asyncio.to_thread(server.kill)
            server.start()


def _settle(database: Database) -> None:
    """Until everything journalled is on a ticket; what a dead worker held comes back with its lease."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with database.read() as unit:
            states = Counter(unit.session.scalars(select(InboundEvent.state)))
        if set(states) == {"done"}:
            return
        time.sleep(0.2)
    pytest.fail(f"the journal was not worked off: {states}")


def _assert_once_and_in_order(database: Database, talkers: list[Talker]) -> None:
    with database.read() as unit:
        visitors = list(unit.session.exec(select(Visitor)))
        tickets = list(unit.session.exec(select(Ticket)))
        messages = list(
            unit.session.exec(select(Message).order_by(col(Message.ticket_id), col(Message.sent_at)))
        )
        by_visitor: dict[int, list[ChatLine]] = defaultdict(list)
        for line in unit.session.exec(select(ChatLine).order_by(col(ChatLine.seq))):
            by_visitor[line.visitor_id].append(line)
    assert len(visitors) == len(tickets) == VISITORS
    said = {lines[0].text.partition(":")[0]: lines for lines in by_visitor.values()}
    for talker in talkers:
        lines = said[str(talker.number)]
        assert {one.client_key: one.seq for one in lines} == talker.acknowledged
        assert [one.client_key for one in lines] == [f"k{number}" for number in range(EACH)]
        assert all(one.message_id for one in lines)
    told: dict[int, list[str]] = defaultdict(list)
    for message in messages:
        told[message.ticket_id].append(message.reply.partition(": ")[2])
    assert all(words == [f"k{number}" for number in range(EACH)] for words in told.values())

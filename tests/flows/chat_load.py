"""Visitors who behave as the widget does, agents who answer, and servers that may be killed under them."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from sqlmodel import col, select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from helpdesk.models import Agent, Brand, ChannelAccount, ChatLine, InboundEvent, Message, Ticket, Visitor
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from tests.conftest import SECRET
from tests.fakes.ports import free_port
from tests.helpdesk.chat.desk import add_widget

EACH = int(os.environ.get("HELPDESK_CHAT_CRASH_N", "8"))  # messages of each visitor
VISITORS = int(os.environ.get("HELPDESK_CHAT_CRASH_VISITORS", "12"))
PATIENCE = 120.0 + EACH
UNHEARD = 6.0  # seconds after which a visitor gives up a line on which nothing comes
PAUSE = 0.12


class Server:
    """`helpdesk serve` in a process of its own, with its background."""

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

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return
            time.sleep(0.1)
        pytest.fail("the server does not answer")

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()


@dataclass
class Talker:
    """Says the same again until it is acknowledged, and asks for what it missed when it comes back."""

    ports: Sequence[int]
    widget: str
    number: int
    token: str = ""
    acknowledged: dict[str, int] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)  # all that was said, by number
    twice: int = 0  # what came twice on one line
    sessions: int = 0
    leaving: bool = False
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def done(self) -> bool:
        return len(self.acknowledged) == EACH

    @property
    def after(self) -> int:
        """Up to here it has everything."""
        return next(seq for seq in range(len(self.lines) + 1) if seq + 1 not in self.lines)

    async def talk(self) -> None:
        while not self.leaving:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._session()
            await asyncio.sleep(0.2)

    async def _session(self) -> None:
        port = self.ports[(self.number + self.sessions) % len(self.ports)]
        self.sessions += 1
        url = f"ws://127.0.0.1:{port}/chat?brand={self.widget}"
        async with connect(url, proxy=None, open_timeout=5, ping_interval=2, ping_timeout=UNHEARD) as line:
            hello: dict[str, Any] = {"type": "hello", "lang": "en", "visitor": self.token}
            await line.send(json.dumps(hello | ({"after": self.after} if self.token else {})))
            async with asyncio.timeout(10):
                welcome = json.loads(await line.recv())
            if welcome["type"] != "welcome":
                raise TimeoutError
            self.token = welcome["visitor"]
            for one in welcome["history"]:
                self._note(one)
            writing = asyncio.create_task(self._write(line))
            try:
                await self._listen(line)
            finally:
                writing.cancel()
                with suppress(asyncio.CancelledError, WebSocketException):
                    await writing

    async def _listen(self, line: ClientConnection) -> None:
        here: set[int] = set()
        while not self.leaving:
            try:
                async with asyncio.timeout(0.5):
                    frame = json.loads(await line.recv())
            except TimeoutError:
                continue
            if frame["type"] == "message":
                self.twice += frame["seq"] in here
                here.add(frame["seq"])
                self._note(frame)
            elif frame["type"] == "ack":
                self.acknowledged[frame["key"]] = frame["seq"]
                self.lines[frame["seq"]] = self._words(frame["key"])
                self._heard.set()

    async def _write(self, line: ClientConnection) -> None:
        """One after the other, each until it is acknowledged."""
        while not self.done:
            key = f"k{len(self.acknowledged)}"
            self._heard.clear()
            await line.send(json.dumps({"type": "message", "key": key, "text": self._words(key)}))
            try:
                async with asyncio.timeout(UNHEARD):
                    await self._heard.wait()
            except TimeoutError:
                await line.close()
                return
            await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))

    def _note(self, said: dict[str, Any]) -> None:
        self.lines[said["seq"]] = said["text"]
        if "key" in said and said["key"].startswith("k"):
            self.acknowledged[said["key"]] = said["seq"]
            self._heard.set()

    def _words(self, key: str) -> str:
        return f"{self.number}: {key}"


@dataclass
class Story:
    """All visitors talk, agents answer now and then, and something happens to the servers meanwhile."""

    database: Database
    brand: Brand
    agent: Agent
    files: Files
    widget: ChannelAccount
    talkers: list[Talker]
    answers: int = 0

    def said(self) -> float:
        """How much of everything was acknowledged, 0 to 1."""
        return sum(len(one.acknowledged) for one in self.talkers) / (len(self.talkers) * EACH)

    async def tell(self, *blows: Any) -> None:
        """Each blow is an async function; they fall at even distances of what is said."""
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
            for talker in self.talkers:
                tasks.create_task(talker.talk())
            for number, blow in enumerate(blows, 1):
                await self._until(number / (len(blows) + 1))
                await blow()
            await self._until(1.0)
            await asyncio.to_thread(self.settle)
            while not await asyncio.to_thread(self._all_heard):  # noqa: ASYNC110
                await asyncio.sleep(0.3)
            for talker in self.talkers:
                talker.leaving = True

    async def _until(self, part: float) -> None:
        while self.said() < part:
            await asyncio.sleep(0.1)
            if random.random() < 0.3:
                with suppress(Exception):  # the database may be away: then nobody answers
                    await asyncio.to_thread(self._answer)

    def _answer(self) -> None:
        with self.database.write() as unit:
            tickets = unit.session.exec(select(Ticket).where(col(Ticket.waiting_since).is_not(None))).all()
            if not tickets:
                return
            ticket = random.choice(tickets)
            words = f"answer {self.answers + 1}"
            reply.send(
                unit,
                ticket,
                by=unit.session.get_one(Agent, self.agent.pk),
                body=words,
                files=self.files,
                token=words,
            )
        self.answers += 1

    def settle(self) -> None:
        """Until everything journalled is on a ticket and every answer is said."""
        end, left = time.monotonic() + PATIENCE, Counter[str]()
        while time.monotonic() < end:
            with suppress(Exception), self.database.read() as unit:
                left = Counter(unit.session.scalars(select(InboundEvent.state)))
                left.update(
                    unit.session.scalars(select(Message.state).where(col(Message.agent_id).is_not(None)))
                )
                if not set(left) - {"done", "sent"}:
                    return
            time.sleep(0.2)
        pytest.fail(f"not all was worked off: {left}")

    def _all_heard(self) -> bool:
        lines = self._lines()
        return all(set(talker.lines) == set(lines.get(talker.number, {})) for talker in self.talkers)

    def _lines(self) -> dict[int, dict[int, ChatLine]]:
        """By visitor's number in the story, what the database holds."""
        found: dict[int, dict[int, ChatLine]] = {}
        by_visitor: dict[int, dict[int, ChatLine]] = defaultdict(dict)
        with self.database.read() as unit:
            for line in unit.session.exec(select(ChatLine)):
                by_visitor[line.visitor_id][line.seq] = line
        for lines in by_visitor.values():
            found[int(lines[1].text.partition(":")[0])] = lines
        return found

    def assert_once_and_in_order(self) -> None:
        lines = self._lines()
        with self.database.read() as unit:
            assert len(list(unit.session.exec(select(Visitor)))) == len(self.talkers)
            assert len(list(unit.session.exec(select(Ticket)))) == len(self.talkers)
            messages = unit.session.exec(
                select(Message).order_by(col(Message.ticket_id), col(Message.sent_at))
            ).all()
        for talker in self.talkers:
            mine = lines[talker.number]
            own = [mine[seq] for seq in sorted(mine) if mine[seq].writer == "visitor"]
            assert {one.client_key: one.seq for one in own} == talker.acknowledged
            assert [one.client_key for one in own] == [f"k{number}" for number in range(EACH)]
            assert sorted(mine) == list(range(1, len(mine) + 1))
            assert {seq: one.text for seq, one in mine.items()} == talker.lines
            assert all(one.message_id for one in mine.values())
            assert talker.twice == 0
        told: dict[int, list[str]] = defaultdict(list)
        for message in messages:
            if message.direction == "in":
                told[message.ticket_id].append(message.reply.partition(": ")[2])
        assert all(words == [f"k{number}" for number in range(EACH)] for words in told.values())
        answers = [one.reply for one in messages if one.direction == "out"]
        assert len(set(answers)) == len(answers) >= self.answers

    def __str__(self) -> str:
        broken = sum(one.sessions - 1 for one in self.talkers)
        return f"{len(self.talkers) * EACH} messages, {self.answers} answers, {broken} lines lost"


def begin(
    database: Database, brand: Brand, agent: Agent, files: Files, seal: Seal, ports: Sequence[int]
) -> Story:
    """`ports` are where visitors connect, in turn."""
    widget = add_widget(database, brand, seal)
    talkers = [Talker(ports, widget.address, number) for number in range(VISITORS)]
    return Story(database, brand, agent, files, widget, talkers)

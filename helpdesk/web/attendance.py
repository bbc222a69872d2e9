"""Which agents have a window open, written down now and then: who is there takes chats, and who is gone loses them.

Every socket of this process says when it comes (`came`); who has none any more is noted a moment later, so that
turning a page is not going.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog
from starlette.concurrency import run_in_threadpool

from helpdesk.chat import assignment
from helpdesk.live.switchboard import Switchboard
from helpdesk.people import availability
from helpdesk.store.db import Database

log = structlog.get_logger()

EVERY = 1.0  # seconds between looks
NOTED_FOR = availability.NOTED_EVERY.total_seconds()
TURNS_PAGES = 5.0  # seconds without a window that are not noted


@dataclass(slots=True)
class Book:
    """What has been written down of whom, in seconds of one clock."""

    noted: dict[int, float] = field(default_factory=dict)
    missed: dict[int, float] = field(default_factory=dict)

    def due(self, here: Collection[int], now: float) -> tuple[set[int], set[int]]:
        """(to be noted as here, to be noted as gone) of those who have a window now, and whoever had."""
        for gone in self.noted.keys() - here:
            self.missed.setdefault(gone, now)
        for back in self.missed.keys() & set(here):
            del self.missed[back]
        heard = {one for one in here if now - self.noted.get(one, -NOTED_FOR) >= NOTED_FOR}
        left = {one for one, since in self.missed.items() if now - since >= TURNS_PAGES}
        return heard, left

    def write(self, heard: Collection[int], left: Collection[int], now: float) -> None:
        self.noted |= dict.fromkeys(heard, now)
        for one in left:
            self.noted.pop(one, None)
            self.missed.pop(one, None)


class Attendance:
    """One for each process."""

    def __init__(self, database: Database, board: Switchboard) -> None:
        self._database = database
        self._board = board
        self._book = Book()

    async def came(self, agent_id: int) -> None:
        """A window opened: the first of an agent is noted before it is told anything."""
        if agent_id not in self._book.noted:
            await self._note({agent_id}, set(), time.monotonic())

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            now = time.monotonic()
            heard, left = self._book.due(self._board.agents_here(), now)
            if heard or left:
                await self._note(heard, left, now)

    async def _note(self, heard: set[int], left: set[int], now: float) -> None:
        """Whom it failed for is noted with the next look. Who has a window in another process has not left."""
        elsewhere = left & self._board.agents_elsewhere()
        try:
            noted = await run_in_threadpool(self._write, heard, left - elsewhere)
        except Exception as error:  # the database is away
            log.warning("attendance_not_written", error=str(error)[:300])
        else:
            self._book.write(heard & noted, left & noted | elsewhere, now)

    def _write(self, heard: set[int], left: set[int]) -> set[int]:
        came = heard - self._book.noted.keys()
        with self._database.write() as unit:
            noted = availability.heard(unit, heard) | availability.left(unit, left)
            for one in came:
                unit.tell("agent_came", None, who=one)
            for one in left:
                unit.tell("agent_left", None, who=one)
        if came:
            assignment.drain(self._database)
        return noted

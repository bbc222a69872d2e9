"""Where visitors' words are written down: many in one transaction, each acknowledged after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.chat import availability, takers, visitors
from helpdesk.chat.accounts import Widget, get_widget, list_chat_brands
from helpdesk.chat.tally import Tally
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.events import Happened
from helpdesk.intake import faults
from helpdesk.intake.taking import Said, Taken, take_many
from helpdesk.live.switchboard import Switchboard
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.web.remembered import Remembered

log = structlog.get_logger()

AT_ONCE = 50  # messages in one transaction
UNHURRIED = 1.0  # seconds until it is noted what somebody has read
TRIES = 5  # of a message that loses races for the same visitor
STILL_THERE = 60.0  # seconds after which it is noted again who is there
DOUBTED = 0.2  # seconds; what was read longer ago is read again before a site is refused
FRESH = 10.0  # seconds for which a widget's settings and figures are kept in memory
SOON = 3.0  # the same of who is there
SELDOM = 60.0  # and of which brands have a chat at all
ATTENDANCE = frozenset(("agent_came", "agent_left", "availability_changed"))
ACCOUNTS = frozenset(("account_saved", "account_changed"))

Result = Taken | HelpdeskError


@dataclass(slots=True)
class _Waiting:
    said: Said
    answer: asyncio.Future[Result]


class Reception:
    """One for each process. `say`, `read` and `left` from the loop's own thread, the rest from any."""

    def __init__(self, database: Database, seal: Seal, live: Switchboard) -> None:
        self.database = database
        self.seal = seal
        self.live = live
        self.tally = Tally(database)
        self._waiting: list[_Waiting] = []
        self._read: dict[int, int] = {}
        self._there: set[int] = set()
        self._ready = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "chat")
        self._widgets: Remembered[str, Widget] = Remembered(FRESH)
        self._waits: Remembered[int, int | None] = Remembered(FRESH)
        self._agents: Remembered[int, int] = Remembered(SOON)
        self._brands: Remembered[None, frozenset[int]] = Remembered(SELDOM)
        database.listeners.append(self._hear)

    async def say(self, said: Said) -> Taken:
        """Durable when this returns. Raises what makes the message impossible, or the database's absence."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(said, answer))
        self._ready.set()
        result = await answer
        if isinstance(result, HelpdeskError):
            raise result
        return result

    def read(self, visitor_id: int, seq: int) -> None:
        """Noted with the next message, at the latest after a moment."""
        if not self._read:
            asyncio.get_running_loop().call_later(UNHURRIED, self._ready.set)
        self._read[visitor_id] = max(seq, self._read.get(visitor_id, 0))

    def left(self, visitor_id: int) -> None:
        """The last window of this visitor went."""
        self._there.add(visitor_id)

    def widget(self, key: str) -> Widget:
        """Raises NotFound."""
        if len(key) > 320:
            raise NotFound("no shop has a chat with this key; check data-brand in the page")
        return self._widgets.get(key, lambda: self._read_widget(key))

    def _read_widget(self, key: str) -> Widget:
        with self.database.read() as unit:
            return get_widget(unit, key, self.seal)

    def allows(self, key: str, origin: str | None, *, host: str) -> bool:
        """Whether a page of this site may ask. Nobody is refused from memory: an owner may have just added the site."""
        found = self.widget(key)
        if found.config.allows(origin, host=host, shop=found.shop):
            return True
        if self._widgets.age(key) < DOUBTED:
            return False
        self._widgets.forget(key)
        found = self.widget(key)
        return found.config.allows(origin, host=host, shop=found.shop)

    def agents(self, widget: Widget) -> int:
        """How many take chats now; what another process knows counts after a moment."""
        return self._agents.get(widget.id, lambda: self._count_agents(widget))

    def _count_agents(self, widget: Widget) -> int:
        with self.database.read() as unit:
            return takers.count_available(unit, widget.brand_id, widget.config.team)

    def chat_brands(self) -> frozenset[int]:
        """Brands with a chat, as far as is known: every page asks."""
        return self._brands.get(None, self._read_brands)

    def _read_brands(self) -> frozenset[int]:
        try:
            with self.database.read() as unit:
                return list_chat_brands(unit)
        except SQLAlchemyError:
            return self._brands.last(None, frozenset())

    def _hear(self, happened: list[Happened]) -> None:
        names = {one.name for one in happened}
        if names & ATTENDANCE:
            self._agents.clear()
        if names & ACCOUNTS:
            self._brands.clear()
            self._widgets.clear()

    def wait(self, widget: Widget) -> int | None:
        """Expected seconds until the first answer."""
        return self._waits.get(widget.id, lambda: self._expect(widget))

    def _expect(self, widget: Widget) -> int | None:
        with self.database.read() as unit:
            return availability.expected_wait(unit, widget)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._write_down()), asyncio.create_task(self._note_presence())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            for one in self._waiting:
                one.answer.cancel()
            with suppress(SQLAlchemyError):
                await asyncio.to_thread(self._write, [], self._read)
            self._thread.shutdown(wait=False)

    async def _write_down(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._waiting or self._read:
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                read, self._read = self._read, {}
                try:
                    results = await loop.run_in_executor(
                        self._thread, self._write, [one.said for one in batch], read
                    )
                except Exception as error:  # the database is away: each is told and comes again
                    log.warning("chat_not_written", error=str(error)[:300], messages=len(batch))
                    for one in batch:
                        if not one.answer.done():
                            one.answer.set_exception(error)
                    continue
                for one, result in zip(batch, results, strict=True):
                    if not one.answer.done():
                        one.answer.set_result(result)

    def _write(self, said: Sequence[Said], read: dict[int, int]) -> list[Result]:
        """All together; one by one where somebody else was faster with one of them."""
        try:
            with self.database.write() as unit:
                taken = take_many(unit, said) if said else []
                visitors.note_read(unit, read)
            return taken
        except SQLAlchemyError as error:
            if not faults.lost_race(error):
                raise
        results = [self._write_alone(one) for one in said]
        with self.database.write() as unit:
            visitors.note_read(unit, read)
        return results

    def _write_alone(self, said: Said) -> Result:
        for left in reversed(range(TRIES)):
            try:
                with self.database.write() as unit:
                    return take_many(unit, [said])[0]
            except SQLAlchemyError as error:
                if not faults.lost_race(error) or not left:
                    raise
        raise AssertionError

    async def _note_presence(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(STILL_THERE)
            there, self._there = self._there | set(self.live.lobby.visitor_ids()), set()
            try:
                await loop.run_in_executor(self._thread, self._keep_alive, sorted(there))
            except SQLAlchemyError as error:
                log.warning("chat_presence_not_written", error=str(error)[:300])

    def _keep_alive(self, there: list[int]) -> None:
        if there:
            with self.database.write() as unit:
                visitors.keep_alive(unit, there)

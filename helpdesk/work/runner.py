"""The background of the helpdesk: one task for each line of the schedule, until it is told to stop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from classifiers import Model
from helpdesk.automation.bulk import Bulk
from helpdesk.channels import registry
from helpdesk.channels.email.oauth import Tokens
from helpdesk.delivery.worker import Courier
from helpdesk.events import Happened
from helpdesk.intake.pipeline import Intake
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.work.care import Caretaker
from helpdesk.work.credentials import remembering
from helpdesk.work.likeness import Likeness
from helpdesk.work.mailboxes import Mailboxes
from helpdesk.work.media import Media
from helpdesk.work.people import People
from helpdesk.work.reading import Reading
from helpdesk.work.schedule import SCHEDULE, Parts, Recurring
from helpdesk.work.topics import TopicFinder
from helpdesk.work.training import Trainer
from macros.catalog import Catalog

log = structlog.get_logger()

LONGEST_PAUSE = 60.0  # seconds between tries while something is broken, for example the database away
GRACE = 10.0  # seconds that what is under way may take after `stop`; a cut delivery comes back with its lease
LATE_AFTER = timedelta(minutes=2)  # on top of its own interval: then a loop counts as stuck


def assemble(database: Database, files: Files, seal: Seal, settings: Settings, model: Model) -> Parts:
    """Everything that works in the background, sharing one set of access tokens."""
    tokens = Tokens(remembering(database, seal))
    lease = timedelta(seconds=settings.lease_seconds)
    kinds = registry.kinds(tokens)
    return Parts(
        database=database,
        intake=Intake(database, files, seal, model, lease=lease, batch=settings.claim_batch),
        courier=Courier(database, files, seal, settings, kinds=kinds),
        mailboxes=Mailboxes(database, seal, settings, tokens),
        bulk=Bulk(database, files, Catalog.load_builtin()),
        media=Media(database, files, seal, kinds),
        likeness=Likeness(database),
        care=Caretaker(database, seal, settings),
        people=People(database, files, seal, kinds),
        reading=Reading(database, seal),
        trainer=Trainer(database, files),
        topics=TopicFinder(database),
    )


class Runner:
    """`await run()` until `stop()` is called. `heartbeats` says when each line last came round well."""

    def __init__(
        self, parts: Parts, schedule: Sequence[Recurring] = SCHEDULE, *, grace: float = GRACE
    ) -> None:
        self.parts = parts
        self.schedule = schedule
        self.grace = grace
        self.heartbeats: dict[str, datetime] = {}
        self._wakes = {work.name: asyncio.Event() for work in schedule}
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Returns after `stop()`, when all that was under way has ended."""
        self._loop = asyncio.get_running_loop()
        listeners = self.parts.database.listeners
        listeners.append(self._hear)
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = [tasks.create_task(self._repeat(work)) for work in self.schedule]
        finally:
            listeners.remove(self._hear)
            await asyncio.to_thread(self.parts.mailboxes.close)

    def stop(self) -> None:
        """From the loop's own thread."""
        self._stopping = True
        for wake in self._wakes.values():
            wake.set()
        for task in self._tasks:
            task.get_loop().call_later(self.grace, task.cancel)

    def late(self, now: datetime) -> list[str]:
        """Which lines have not come round for too long; empty when all is well."""
        return [
            work.name
            for work in self.schedule
            if now - self.heartbeats.get(work.name, datetime.min.replace(tzinfo=now.tzinfo))
            > timedelta(seconds=work.idle) + LATE_AFTER
        ]

    async def _repeat(self, work: Recurring) -> None:
        pause, failures = work.every, 0
        while not self._stopping:
            self._wakes[work.name].clear()
            try:
                done = await self._once(work)
            except Exception:  # the database may be away; it comes back
                failures += 1
                pause = min(LONGEST_PAUSE, 2.0 ** (failures - 1))
                log.exception("work_failed", work=work.name, again_in=pause)
            else:
                failures = 0
                self.heartbeats[work.name] = self.parts.database.clock()
                pause = work.every if done else min(work.idle, max(pause, work.every) * 1.5)
                if done and work.drains:
                    continue
            if work.rest and not self._stopping:
                await asyncio.sleep(work.rest)
            await self._wait(work, pause)

    async def _once(self, work: Recurring) -> int:
        """Coroutines run in the loop, plain functions in a thread."""
        result = await asyncio.to_thread(work.run, self.parts)
        return await result if inspect.isawaitable(result) else result

    async def _wait(self, work: Recurring, seconds: float) -> None:
        if self._stopping:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._wakes[work.name].wait()
        except TimeoutError:
            return

    def _hear(self, happened: list[Happened]) -> None:
        """Called after a commit, in whatever thread that was."""
        names = {one.name for one in happened}
        for work in self.schedule:
            if work.wakes & names and self._loop and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._wakes[work.name].set)

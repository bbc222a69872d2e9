"""The background wakes up on news, survives an outage, says that it lives, and stops at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

import classifiers
from helpdesk.models import Brand
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.work.runner import LATE_AFTER, Runner, assemble
from helpdesk.work.schedule import SCHEDULE, Parts, Recurring
from tests.conftest import StandingClock


@pytest.fixture
def parts(database: Database, files: Files, seal: Seal, settings: Settings) -> Parts:
    return assemble(database, files, seal, settings, classifiers.builtin())


@dataclass
class Work:
    """Counts how often it was run; the given results are used up one by one, exceptions raised."""

    results: list[int | Exception] = field(default_factory=list)
    runs: int = 0

    def __call__(self, parts: Parts) -> int:
        self.runs += 1
        result = self.results.pop(0) if self.results else 0
        if isinstance(result, Exception):
            raise result
        return result


def during(runner: Runner, story: Callable[[], Awaitable[None]]) -> None:
    """Runs the background while the story is told; fails when it does not stop within seconds."""

    async def tell() -> None:
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(runner.run())
            await story()
            runner.stop()

    asyncio.run(tell())


async def until(truth: Callable[[], object]) -> None:
    while not truth():  # noqa: ASYNC110
        await asyncio.sleep(0.005)


def test_news_wake_the_work_that_waits_for_them(parts: Parts, database: Database, brand: Brand) -> None:
    woken, asleep, before = Work(), Work(), list(database.listeners)
    schedule = [
        Recurring("woken", 600, 600, woken, frozenset({"inbound_queued"})),
        Recurring("asleep", 600, 600, asleep, frozenset({"delivery_queued"})),
    ]

    def tell() -> None:
        with database.write() as unit:
            unit.tell("inbound_queued", brand.pk, event=1)

    async def story() -> None:
        await until(lambda: woken.runs == 1 and asleep.runs == 1)
        await asyncio.to_thread(tell)
        await until(lambda: woken.runs == 2)

    during(Runner(parts, schedule), story)
    assert asleep.runs == 1
    assert database.listeners == before


def test_a_queue_is_emptied_before_anybody_rests(parts: Parts) -> None:
    work = Work([20, 20, 3])

    async def story() -> None:
        await until(lambda: work.runs == 4)

    during(Runner(parts, [Recurring("queue", 600, 600, work, drains=True)]), story)


def test_broken_work_is_tried_again_and_the_rest_goes_on(parts: Parts) -> None:
    broken, fine = Work([OSError("the database is away")]), Work()
    schedule = [Recurring("broken", 600, 600, broken), Recurring("fine", 0.01, 0.01, fine)]

    async def story() -> None:
        await until(lambda: broken.runs == 2 and fine.runs > 5)

    runner = Runner(parts, schedule)
    during(runner, story)
    assert set(runner.heartbeats) == {"broken", "fine"}


def test_work_that_does_not_end_is_cut_off_after_the_grace(parts: Parts) -> None:
    begun: list[int] = []

    async def forever() -> int:
        begun.append(1)
        await asyncio.Event().wait()
        return 0

    async def story() -> None:
        await until(lambda: begun)

    during(Runner(parts, [Recurring("stuck", 600, 600, lambda parts: forever())], grace=0.05), story)


def test_work_that_does_not_come_round_is_late(parts: Parts, clock: StandingClock) -> None:
    work = Work()
    runner = Runner(parts, [Recurring("work", 600, 600, work)])
    assert runner.late(clock.now) == ["work"]

    async def story() -> None:
        await until(lambda: runner.heartbeats)

    during(runner, story)
    assert runner.late(clock.now) == []
    assert runner.late(clock.now + timedelta(seconds=601) + LATE_AFTER) == ["work"]


def test_the_real_schedule_runs_round_and_stops(parts: Parts) -> None:
    runner = Runner(parts)

    async def story() -> None:
        await until(lambda: set(runner.heartbeats) == {work.name for work in SCHEDULE})

    during(runner, story)
    assert runner.late(parts.database.clock()) == []


def test_the_names_of_the_schedule_are_its_own() -> None:
    assert len({work.name for work in SCHEDULE}) == len(SCHEDULE)
    assert all(work.every <= work.idle for work in SCHEDULE)

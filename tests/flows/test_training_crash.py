"""A worker is killed while it trains: nothing of it stays behind, and another one trains the same model."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import classifiers
from helpdesk.models import Brand, ModelVersion
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.triage import versions
from helpdesk.work.training import Trainer
from tests.conftest import StandingClock
from tests.flows import training_worker
from tests.helpdesk.stories import only, rows

PATIENCE = 60
CONTEXT = multiprocessing.get_context("forkserver")
TAGS = {"order_status", "refund"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two tags and none, quick to learn."""
    folder, taken = tmp_path / "corpus", dict[tuple[str, ...], int]()
    folder.mkdir()
    with (folder / "few.jsonl").open("w") as out:
        for row in classifiers.read_corpus():
            label = (row.lang, *row.tags)
            taken[label] = taken.get(label, 0) + 1
            if taken[label] <= 30 and set(row.tags) <= TAGS:
                out.write(json.dumps(row.as_json()) + "\n")
    return folder


def test_a_worker_killed_while_it_trains_leaves_nothing_and_another_finishes(
    database: Database, brand: Brand, files: Files, corpus: Path, tmp_path: Path, clock: StandingClock
) -> None:
    with database.write() as unit:
        versions.ask(unit, brand.pk, by=None)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    worker = CONTEXT.Process(
        target=training_worker.train,
        args=(database.url, str(files.folder), str(corpus), str(temporary), clock.now),
    )
    worker.start()
    until(lambda: only(database, ModelVersion).progress > 0)
    (learner,) = learners(temporary)
    os.kill(int(worker.pid or 0), signal.SIGKILL)
    worker.join(PATIENCE)
    until(lambda: not is_alive(learner))
    assert list(temporary.iterdir()) == []  # the rows are customers' words
    assert train(database, files, corpus) == 0  # it is still leased
    clock.advance(seconds=training_worker.LATER.total_seconds())
    assert train(database, files, corpus) == 1
    made = only(database, ModelVersion)
    assert (made.state, made.attempts) == ("active", 2)
    assert files.path(made.artifact).exists()


def test_of_two_who_ask_at_once_one_is_refused_and_of_two_workers_one_waits(
    database: Database, brand: Brand, other_brand: Brand, clock: StandingClock
) -> None:
    both = together(training_worker.ask, (database.url, brand.pk, clock.now))
    assert sorted(both) == ["asked", "refused"]
    with database.write() as unit:
        versions.ask(unit, other_brand.pk, by=None)
    assert sorted(together(training_worker.claim, (database.url, clock.now))) == ["claimed", "waits"]
    assert sorted(one.state for one in rows(database, ModelVersion)) == ["queued", "training"]


def together(task: Callable[..., None], given: tuple[Any, ...]) -> list[str]:
    start, said = CONTEXT.Barrier(2), CONTEXT.Queue()
    processes = [CONTEXT.Process(target=task, args=(*given, start, said)) for _ in range(2)]
    for one in processes:
        one.start()
    answers = [said.get(timeout=PATIENCE) for _ in processes]
    for one in processes:
        one.join(PATIENCE)
    return answers


def train(database: Database, files: Files, corpus: Path) -> int:
    return asyncio.run(Trainer(database, files, corpus=corpus).drain())


def learners(temporary: Path) -> list[int]:
    """Processes that train in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"classifiers.trial\0{temporary}" in (process / "cmdline").read_text(errors="replace"):
                found.append(int(process.name))
        except OSError:
            continue  # it has ended
    return found


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)

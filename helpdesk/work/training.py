"""Models are trained in a process of their own: nobody waits for it, and a crash there takes nothing along."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from classifiers import Row
from classifiers.rows import CORPUS
from helpdesk.models import ModelVersion
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.triage import lessons, versions
from helpdesk.triage.alone import Alone

log = structlog.get_logger()

LONGEST = timedelta(minutes=30)
RENEWED = versions.LEASE.total_seconds() / 5  # seconds; a step of a training may take longer than a lease
SETTLED = timedelta(hours=1)  # whoever has just started the helpdesk, or a demo, is looking at it
FOLDER = "helpdesk-model-"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(slots=True)
class _Job:
    version_id: int
    brand_id: int
    lease: datetime | None
    known: Sequence[Row]
    own: Sequence[Row]
    alone: Sequence[Alone]


class TrainingFailed(Exception):
    """The other process gave no model; the text is its own words."""


class LeaseLost(Exception):
    """Somebody else trains this one by now."""


class Trainer:
    """Any number of these may run; each trains one model at a time."""

    def __init__(self, database: Database, files: Files, *, corpus: Path = CORPUS) -> None:
        self.database = database
        self.files = files
        self.corpus = corpus
        self._begun = database.clock()

    def ask_nightly(self) -> int:
        """Every hour; versions decides whether it is time. Not right after a start, whatever hour that is."""
        if self.database.clock() - self._begun < SETTLED:
            return 0
        with self.database.write() as unit:
            return len(versions.ask_nightly(unit))

    async def drain(self) -> int:
        """Trains the next one that was asked for; returns how many."""
        job = await asyncio.to_thread(self._begin)
        if job is None:
            return 0
        try:
            await asyncio.to_thread(_sweep)
            with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
                result = await self._train(job, Path(folder))
                content = await asyncio.to_thread((Path(folder) / "model.npz").read_bytes)
            await asyncio.to_thread(self._finish, job, result, content)
        except LeaseLost:
            log.info("training_taken_over", version=job.version_id)
        except (TrainingFailed, TimeoutError) as error:
            await asyncio.to_thread(self._fail, job, str(error) or "it took too long")
        except OSError as error:
            await asyncio.to_thread(self._fail, job, f"{error}; see to the disk and train again")
        return 1

    def _begin(self) -> _Job | None:
        with self.database.write() as unit:
            row = versions.claim(unit)
            if row is None:
                return None
            active = versions.find_active(unit, row.brand_id)
            own = lessons.gather(unit, row.brand_id)
            known = (
                lessons.gather(unit, row.brand_id, through=active.through, until=active.created_at).rows
                if active
                else ()
            )
            row.through = own.through
            return _Job(row.pk, row.brand_id, row.lease_until, known, own.rows, own.alone)

    async def _train(self, job: _Job, folder: Path) -> dict[str, Any]:
        await asyncio.to_thread(_write, folder / "known.jsonl", job.known)
        await asyncio.to_thread(_write, folder / "own.jsonl", job.own)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "classifiers.trial", str(folder), "--corpus", str(self.corpus), "--leashed"),
            stdin=asyncio.subprocess.PIPE,  # closed when this process dies: then the other one ends too
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **ONE_THREAD},
        )
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                words, _ = await asyncio.gather(_all(process.stderr), self._follow(job, process.stdout))
                code = await process.wait()
            if code:
                raise TrainingFailed(words[-1000:] or f"the training ended with code {code}")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        return {**result, "alone": [asdict(one) for one in job.alone]}

    async def _follow(self, job: _Job, told: asyncio.StreamReader | None) -> None:
        """Until it says no more. Its silence is no reason to lose the lease."""
        assert told is not None
        progress = 0
        while True:
            try:
                async with asyncio.timeout(RENEWED):
                    line = await told.readline()
            except TimeoutError:
                pass
            else:
                if not line:
                    return
                progress = int(line) if line.strip().isdigit() else progress
            await asyncio.to_thread(self._advance, job, progress)

    def _advance(self, job: _Job, progress: int) -> None:
        with self.database.write() as unit:
            lease = versions.advance(unit, job.version_id, job.lease, progress)
            unit.tell("model_progress", job.brand_id)
        if lease is None:
            raise LeaseLost
        job.lease = lease

    def _finish(self, job: _Job, result: dict[str, Any], content: bytes) -> None:
        digest = self.files.put(content)
        with self.database.write() as unit:
            row = self._held(unit.session.get(ModelVersion, job.version_id, with_for_update=True), job)
            objections = versions.finish(unit, row, result, digest)
            state = row.state
            gone = versions.list_unnamed(unit, [digest, *versions.give_up_old(unit, job.brand_id)])
        for old in gone:
            self.files.drop(old)
        log.info("model_trained", brand=job.brand_id, state=state, objections=len(objections))

    def _fail(self, job: _Job, why: str) -> None:
        log.warning("training_failed", brand=job.brand_id, why=why)
        with self.database.write() as unit:
            row = unit.session.get(ModelVersion, job.version_id, with_for_update=True)
            if row is not None and row.lease_until == job.lease:
                versions.fail(unit, row, why)

    def _held(self, row: ModelVersion | None, job: _Job) -> ModelVersion:
        if row is None or row.lease_until != job.lease:
            raise LeaseLost
        return row


def _sweep() -> None:
    """What a machine that lost its power left of earlier trainings: customers' words."""
    long_ago = time.time() - 2 * LONGEST.total_seconds()
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with suppress(OSError):  # somebody else's, or gone by now
            if folder.stat().st_mtime < long_ago:
                shutil.rmtree(folder)


def _write(file: Path, rows: Sequence[Row]) -> None:
    """ASCII, so that no half of a surrogate pair stands in the way."""
    with file.open("w", encoding="ascii") as out:
        for row in rows:
            out.write(json.dumps(row.as_json()) + "\n")


async def _all(stream: asyncio.StreamReader | None) -> str:
    return (await stream.read()).decode("utf-8", "replace").strip() if stream else ""

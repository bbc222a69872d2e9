"""Models are trained in a process of their own: nobody waits for it, and a crash there takes nothing along."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
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
from helpdesk.triage.serving import find_fault
from helpdesk.work import apart

log = structlog.get_logger()

RENEWED = versions.LEASE.total_seconds() / 5  # seconds; a step of a training may take longer than a lease


@dataclass(slots=True)
class _Job:
    version_id: int
    brand_id: int
    lease: datetime | None
    known: Sequence[Row]
    own: Sequence[Row]
    alone: Sequence[Alone]


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
        if self.database.clock() - self._begun < apart.SETTLED:
            return 0
        with self.database.write() as unit:
            return len(versions.ask_nightly(unit, lambda artifact: find_fault(self.files, artifact) is None))

    async def drain(self) -> int:
        """Trains the next one that was asked for; returns how many."""
        job = await asyncio.to_thread(self._begin)
        if job is None:
            return 0
        try:
            async with apart.folder() as folder:
                result = await self._train(job, folder)
                content = await asyncio.to_thread((folder / "model.npz").read_bytes)
            await asyncio.to_thread(self._finish, job, result, content)
        except LeaseLost:
            log.info("training_taken_over", version=job.version_id)
        except (apart.Broke, TimeoutError) as error:
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
        for name, rows in (("known", job.known), ("own", job.own)):
            lines = [row.as_json() for row in rows]
            await asyncio.to_thread(apart.write, folder / f"{name}.jsonl", lines)
        await apart.run("classifiers.trial", folder, self.corpus, follow=partial(self._follow, job))
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        return {**result, "alone": [asdict(one) for one in job.alone]}

    async def _follow(self, job: _Job, told: asyncio.StreamReader) -> None:
        """Until it says no more. Its silence is no reason to lose the lease."""
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

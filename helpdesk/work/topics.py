"""New topics are looked for in a process of its own, once a week or when asked: see triage.topic_search."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from classifiers.rows import CORPUS
from helpdesk.models import TopicSearch
from helpdesk.store.db import Database
from helpdesk.triage import topic_search, untagged
from helpdesk.triage.topic_search import Found
from helpdesk.triage.untagged import Words
from helpdesk.work import apart

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Job:
    search_id: int
    brand_id: int
    lease: datetime | None
    words: Sequence[Words]
    usual: Sequence[Words]


class TopicFinder:
    """Any number of these may run; each looks at one brand at a time."""

    def __init__(self, database: Database, *, corpus: Path = CORPUS) -> None:
        self.database = database
        self.corpus = corpus
        self._begun = database.clock()

    def ask_weekly(self) -> int:
        """Every hour; not right after a start, when somebody is looking at the helpdesk."""
        if self.database.clock() - self._begun < apart.SETTLED:
            return 0
        with self.database.write() as unit:
            return len(topic_search.ask_weekly(unit))

    async def drain(self) -> int:
        """Does the next search that was asked for; returns how many."""
        job = await asyncio.to_thread(self._begin)
        if job is None:
            return 0
        try:
            found = await self._find(job) if job.words else []
        except (apart.Broke, TimeoutError, OSError) as error:
            await asyncio.to_thread(self._fail, job, str(error) or "it took too long")
        else:
            await asyncio.to_thread(self._finish, job, found)
        return 1

    def _begin(self) -> _Job | None:
        with self.database.write() as unit:
            row = topic_search.claim(unit)
            if row is None:
                return None
            job = (row.pk, row.brand_id, row.lease_until)
        with self.database.read() as unit:
            return _Job(*job, untagged.gather(unit, job[1]), untagged.gather_usual(unit, job[1]))

    async def _find(self, job: _Job) -> list[Found]:
        async with apart.folder() as folder:
            for name, words in (("messages", job.words), ("usual", job.usual)):
                lines = [_line(one) for one in words]
                await asyncio.to_thread(apart.write, folder / f"{name}.jsonl", lines)
            await apart.run("classifiers.topics", folder, self.corpus, longest=topic_search.LEASE)
            return await asyncio.to_thread(_read, folder / "topics.json")

    def _finish(self, job: _Job, found: Sequence[Found]) -> None:
        with self.database.write() as unit:
            row = unit.session.get(TopicSearch, job.search_id, with_for_update=True)
            if row is None or row.lease_until != job.lease:
                return  # somebody else looks by now
            topics = topic_search.finish(unit, row, found, looked_at=len(job.words))
        log.info("topics_found", brand=job.brand_id, tickets=len(job.words), topics=len(topics))

    def _fail(self, job: _Job, why: str) -> None:
        log.warning("topic_search_failed", brand=job.brand_id, why=why)
        with self.database.write() as unit:
            row = unit.session.get(TopicSearch, job.search_id, with_for_update=True)
            if row is not None and row.lease_until == job.lease:
                topic_search.fail(unit, row, why)


def _line(one: Words) -> dict[str, Any]:
    row = {"id": one.ticket_id, "writer": one.customer_id, "subject": one.subject, "text": one.text}
    return {**row, "lang": one.lang}


def _read(file: Path) -> list[Found]:
    return [
        Found(
            language=str(one["lang"]),
            phrases=tuple(one["phrases"]),
            centre=one["centre"],
            members=tuple((int(pk), float(closeness)) for pk, closeness in one["members"]),
        )
        for one in json.loads(file.read_text(encoding="utf-8"))
    ]

"""Processes that ask for a model, or train the one that was asked for, to be killed or to meet each other."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from datetime import datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import structlog

from helpdesk.errors import Conflict
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.triage import versions
from helpdesk.work.training import Trainer


def train(url: str, folder: str, corpus: str, temporary: str, now: datetime) -> None:
    """`temporary` is where its rows lie meanwhile."""
    quiet()
    tempfile.tempdir = temporary
    database = Database(url, clock=lambda: now)
    asyncio.run(Trainer(database, Files(Path(folder)), corpus=Path(corpus)).drain())
    database.close()


def ask(url: str, brand_id: int, now: datetime, start: Barrier, said: Queue[str]) -> None:
    quiet()
    database = Database(url, clock=lambda: now)
    start.wait(60)
    try:
        with database.write() as unit:
            versions.ask(unit, brand_id, by=None)
        said.put("asked")
    except Conflict:
        said.put("refused")
    database.close()


def claim(url: str, now: datetime, start: Barrier, said: Queue[str]) -> None:
    quiet()
    database = Database(url, clock=lambda: now)
    start.wait(60)
    with database.write() as unit:
        row = versions.claim(unit)
    said.put("claimed" if row else "waits")
    database.close()


def quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


LATER = versions.LEASE + timedelta(seconds=1)

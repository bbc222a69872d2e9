"""A worker process as it is in service, to be killed: reads a mailbox, files its mail, sends what waits."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import structlog

import classifiers
from helpdesk.settings import Settings
from helpdesk.store.db import Database, utc_now
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.work.runner import Runner, assemble


@dataclass(frozen=True)
class Instance:
    url: str
    data: str
    secret: str


def work(instance: Instance, generation: int, started: Event) -> None:
    """Works until it is killed. Each generation lives ten minutes later: dead leases have run out."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    database = Database(instance.url, clock=Later(generation))
    settings = Settings(data=instance.data, secret_key=instance.secret, claim_batch=5)  # type: ignore[arg-type]
    parts = assemble(
        database, Files(Path(instance.data) / "files"), Seal(instance.secret), settings, classifiers.builtin()
    )
    started.set()
    asyncio.run(Runner(parts).run())


class Later:
    """A clock that is ahead by ten minutes a generation."""

    def __init__(self, generation: int) -> None:
        self.ahead = timedelta(minutes=10 * generation)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

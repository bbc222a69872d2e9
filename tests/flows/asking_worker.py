"""A process that takes in what it is given, at the same moment as another one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.synchronize import Barrier

import structlog

import classifiers
from helpdesk.intake.pipeline import Intake
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal


def take_in(url: str, folder: str, secret: str, now: datetime, events: Sequence[int], start: Barrier) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    database = Database(url, clock=lambda: now)
    intake = Intake(database, Files(folder), Seal(secret), classifiers.builtin())
    start.wait(60)
    for event in events:
        intake.process(event)
    database.close()

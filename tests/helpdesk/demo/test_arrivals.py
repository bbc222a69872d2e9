"""Mail that arrives while the demo runs."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

import classifiers
from helpdesk.demo.arrivals import arrivals, arrive
from helpdesk.demo.dice import dice
from helpdesk.demo.fill import fill
from helpdesk.intake.pipeline import Intake
from helpdesk.models import InboundEvent, Message
from helpdesk.people.passwords import Passwords
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from macros import Catalog

NOW = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)


class Enough(Exception):
    pass


def intake_of(database: Database, folder: Path) -> Intake:
    return Intake(database, Files(folder / "files"), Seal("a secret for tests alone"), classifiers.builtin())


def subjects(database: Database) -> list[str]:
    with database.read() as unit:
        return list(unit.session.exec(select(Message.subject).order_by(Message.id)))


def test_new_mail_arrives_at_the_demo_shop_again_and_again(database: Database, tmp_path: Path, clock) -> None:
    clock.now = NOW
    intake = intake_of(database, tmp_path)
    cheap = Passwords(time_cost=1, memory_kib=8, parallelism=1)
    catalog = Catalog.load_builtin()
    fill(database, intake.files, intake.seal, intake.model, catalog, now=NOW, scale=0.01, passwords=cheap)
    before, slept = len(subjects(database)), []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > 12:
            raise Enough

    with suppress(Enough):
        asyncio.run(arrivals(intake, sleep=sleep))
    with database.read() as unit:
        states = set(
            unit.session.exec(
                select(InboundEvent.state).where(InboundEvent.meta["via"].as_string() == "demo")
            )
        )
    assert states == {"done"}
    assert len(subjects(database)) == before + 12
    assert all(45 <= seconds <= 120 for seconds in slept)


def test_nothing_arrives_where_there_is_no_demo_shop(database: Database, tmp_path: Path) -> None:
    assert arrive(intake_of(database, tmp_path), dice("arrivals")) is False

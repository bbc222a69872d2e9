"""Answers that wait a moment before they leave, who makes them leave, and two tickets of one customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.delivery.worker import Courier
from helpdesk.models import Agent, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.tickets.letter import written
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import rows
from tests.helpdesk.tickets.merging import FIRST, SECOND
from tests.helpdesk.tickets.taking_back import Post

HOLD = timedelta(seconds=10)


@pytest.fixture
def courier(database: Database, files: Files, seal: Seal, settings: Settings) -> Courier:
    return Courier(database, files, seal, settings)


@pytest.fixture
def post(database: Database, ticket: Ticket, agent: Agent, files: Files) -> Post:
    def post(body: str = "明日届きます。", **given: Any) -> Message:
        letter = written(body, **{"hold": HOLD, **given})
        with database.write() as unit:
            by, ours = unit.session.get_one(Agent, agent.pk), unit.session.get_one(Ticket, ticket.pk)
            return reply.post(unit, ours, letter, by=by, files=files)

    return post


@pytest.fixture
def pair(database: Database, deliver: Deliver, clock: StandingClock) -> tuple[Ticket, Ticket]:
    """An older and a newer open ticket of one customer."""
    deliver("荷物が届きません", message_id=FIRST)
    clock.advance(hours=1)
    deliver("返金してください", message_id=SECOND, subject="返金", date="")
    older, newer = rows(database, Ticket)
    return older, newer

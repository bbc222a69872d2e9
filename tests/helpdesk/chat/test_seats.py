"""A full house is asked once in a while, and at once when somebody has room."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

import classifiers
from helpdesk.chat.accounts import get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.intake.pipeline import Intake
from helpdesk.intake.taking import Said, take_many
from helpdesk.models import Agent, Brand, Ticket
from helpdesk.people import availability
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import close, tag
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import add_widget


@pytest.fixture
def chat(database: Database, brand: Brand, seal: Seal, files: Files) -> Any:
    """chat(name) -> somebody new says hello and is taken in; returns who has them."""
    account = add_widget(database, brand, seal)
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        widget = get_widget(unit, account.address, seal)
    intake = Intake(database, files, seal, classifiers.builtin())

    def begin(name: str) -> int | None:
        with database.write() as unit:
            take_many(unit, [Said(widget, Hello(language="en"), name, None, name, "hello there")])
        intake.drain_talks()
        with database.read() as unit:
            return unit.session.exec(select(Ticket).order_by(col(Ticket.id).desc())).first().assignee_id  # type: ignore[union-attr]

    return begin


def test_who_has_room_gets_each_chat_at_once_and_nobody_more(
    database: Database, agent: Agent, chat: Any, clock: StandingClock
) -> None:
    with database.write() as unit:
        availability.heard(unit, [agent.pk])
        availability.set_capacity(unit, unit.session.get_one(Agent, agent.pk), 2)
    assert [chat(name) for name in ("one", "two", "three", "four")] == [agent.pk, agent.pk, None, None]
    with database.write() as unit:
        done = unit.session.exec(select(Ticket).order_by(col(Ticket.id))).first()
        assert done
        close.close(unit, done, by=agent)
    chat("five")  # the same moment: whoever waits longest is seated
    with database.read() as unit:
        waiting = unit.session.exec(select(Ticket).where(col(Ticket.assignee_id).is_(None))).all()
    assert len(waiting) == 2

"""Visitors of a shop's chat whose words have become tickets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import classifiers
from helpdesk.chat import tokens
from helpdesk.chat.accounts import Widget, get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.intake.taking import Said, take_many
from helpdesk.models import Agent, Brand, Ticket, Visitor
from helpdesk.people import availability
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import assign
from helpdesk.work.runner import assemble
from helpdesk.work.schedule import Parts as Work
from tests.helpdesk.chat.desk import add_widget


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> Widget:
    account = add_widget(database, brand, seal, assign="manual")
    with database.read() as unit:
        return get_widget(unit, account.address, seal)


@pytest.fixture
def work(database: Database, files: Files, seal: Seal, settings: Settings) -> Work:
    return assemble(database, files, seal, settings, classifiers.builtin())


@pytest.fixture
def chat(database: Database, widget: Widget, seal: Seal, work: Work) -> Callable[..., Ticket]:
    """chat("text", to=agent, who="1", name="", …) -> the ticket that a visitor's message has become or joined."""
    known: dict[str, str] = {}

    def say(text: str, *, to: Agent | None = None, who: str = "1", **hello: str) -> Ticket:
        token = known.setdefault(who, tokens.hash_of(tokens.new_token(widget.config.key, seal)))
        details = {"consent": "yes"} if hello.pop("consent", "") else {}
        said = Said(
            widget,
            Hello(language="en", page="https://shop.example/tea", title="Tea", **hello),
            *(token, None, f"{who}-{abs(hash(text))}", text, (), details),
        )
        with database.write() as unit:
            (taken,) = take_many(unit, [said])
            assert not isinstance(taken, Exception)
        work.intake.drain()
        with database.write() as unit:
            visitor = unit.session.get_one(Visitor, taken.visitor_id)
            ticket = unit.session.get_one(Ticket, visitor.ticket_id)
            if to:
                availability.heard(unit, {to.pk})
                assign.to(unit, ticket, unit.session.get_one(Agent, to.pk), by=None)
            return ticket

    return say

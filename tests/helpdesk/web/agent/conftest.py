"""Visitors of a shop's chat whose words have become tickets, and one person under two names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

import classifiers
from helpdesk.chat import tokens
from helpdesk.chat.accounts import Widget, get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.customers import suggest
from helpdesk.customers.merge import recount
from helpdesk.intake.taking import Said, take_many
from helpdesk.models import Agent, Brand, Customer, Identity, Ticket, Visitor
from helpdesk.people import availability
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import assign
from helpdesk.work.runner import assemble
from helpdesk.work.schedule import Parts as Work
from tests.helpdesk.chat.desk import add_widget
from tests.helpdesk.desk import add_message, add_order, add_ticket


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


@pytest.fixture
def pair(database: Database, brand: Brand) -> tuple[Ticket, Ticket]:
    """Hanako by mail with an order, and somebody on LINE who names her address."""
    mail = add_ticket(database, brand, name="山田 花子")
    line = add_ticket(database, brand, name="ハナコ", channel="line")
    add_order(database, mail.customer_id, brand, "HK-7")
    with database.write() as unit:
        one = unit.session.get_one(Customer, line.customer_id)
        one.note, one.vip = "夜だけ電話可", True
        recount(unit, unit.session.get_one(Customer, mail.customer_id))
        known = unit.session.exec(select(Identity).where(Identity.customer_id == one.pk)).one()
        known.kind, known.value, known.shown = "line", "U4af49", "U4af49"
        shown = (
            unit.session.exec(select(Identity).where(Identity.customer_id == mail.customer_id)).one().shown
        )
    add_message(database, line, f"{shown} で買いました", channel="line", sender={"address": "U4af49"})
    with database.write() as unit:
        suggest.look(unit, unit.session.get_one(Customer, line.customer_id))
    return mail, line

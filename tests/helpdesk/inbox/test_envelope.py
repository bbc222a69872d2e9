"""Whom the composer offers to write to, by the kind of answer."""

from __future__ import annotations

from helpdesk.inbox import envelope
from helpdesk.inbox.envelope import Envelope
from helpdesk.models import Agent, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.conftest import Deliver


def read(database: Database, ticket: Ticket, agent: Agent) -> Envelope:
    with database.read() as unit:
        ours = unit.session.get_one(Ticket, ticket.pk)
        return envelope.of(unit, ours, unit.session.get_one(Agent, agent.pk))


def answered_to_many(deliver: Deliver) -> None:
    deliver(
        "皆さま",
        to="support@aoba.example, Taro <taro@example.jp>",
        cc="jiro@example.jp",
        in_reply_to="<first@example.jp>",
        message_id="<second@example.jp>",
        date="",
    )


def test_a_reply_goes_to_the_customer_alone(
    database: Database, ticket: Ticket, agent: Agent, deliver: Deliver
) -> None:
    answered_to_many(deliver)
    found = read(database, ticket, agent).kinds["reply"]
    assert len(found.to) == 1
    assert found.cc == ()
    assert found.subject.startswith("Re: ")


def test_a_reply_to_all_copies_everybody_but_ourselves(
    database: Database, ticket: Ticket, agent: Agent, deliver: Deliver
) -> None:
    answered_to_many(deliver)
    found = read(database, ticket, agent)
    assert found.kinds["reply_all"].cc == ("Taro <taro@example.jp>", "jiro@example.jp")
    assert "jiro@example.jp" in found.people
    assert not [one for one in found.people if "support@aoba.example" in one]


def test_a_forward_names_its_message_and_nobody(database: Database, ticket: Ticket, agent: Agent) -> None:
    found = read(database, ticket, agent).kinds["forward"]
    assert found.to == ()
    assert found.subject.startswith("Fwd: ")
    assert found.forwarded
    assert found.quote


def test_a_signature_is_known_before_sending(database: Database, ticket: Ticket, agent: Agent) -> None:
    with database.write() as unit:
        unit.session.get_one(Agent, agent.pk).signature = "With kind regards, Aoi"
    assert "With kind regards, Aoi" in read(database, ticket, agent).signature

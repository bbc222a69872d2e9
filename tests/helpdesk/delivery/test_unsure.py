"""An answer of which nobody knows whether it arrived: told apart from one that failed, until it is known."""

from __future__ import annotations

import pytest

from helpdesk.channels.http import NoAnswer
from helpdesk.channels.parts import once
from helpdesk.delivery import outcome, receipts
from helpdesk.delivery.retry import confirm
from helpdesk.errors import Conflict, Rejected
from helpdesk.models import Agent, Brand, ChannelAccount, Delivery, Message, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket


@pytest.fixture
def delivery(database: Database, brand: Brand) -> Delivery:
    with database.write() as unit:
        account = ChannelAccount(brand_id=brand.pk, kind="messenger", address="P", created_at=unit.now)
        unit.session.add(account)
    ticket = add_ticket(database, brand, channel="messenger", account_id=account.pk)
    message = add_message(database, ticket, "はい", direction="out", channel="messenger", state="queued")
    with database.write() as unit:
        delivery = Delivery(
            brand_id=brand.pk,
            account_id=account.pk,
            message_id=message.pk,
            external_id="d",
            next_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(delivery)
    return delivery


def fail(database: Database, delivery: Delivery, error: Rejected) -> Message:
    with database.write() as unit:
        outcome.failed(unit, unit.session.get_one(Delivery, delivery.pk), error)
        return unit.session.get_one(Message, delivery.message_id)


def test_silence_of_a_provider_without_a_key_is_doubt(database: Database, delivery: Delivery) -> None:
    message = fail(database, delivery, once(NoAnswer("Messenger did not answer")))
    assert message.state == "failed" and "unsure_at" in message.marks
    assert "look there" in (message.failure or "")


def test_a_refusal_is_none(database: Database, delivery: Delivery) -> None:
    assert "unsure_at" not in fail(database, delivery, Rejected("no")).marks


def test_a_receipt_ends_the_doubt(database: Database, delivery: Delivery) -> None:
    fail(database, delivery, once(NoAnswer("x")))
    with database.write() as unit:
        message = unit.session.get_one(Message, delivery.message_id)
        receipts.arrived(unit, message)
        receipts.arrived(unit, message)
    assert (message.state, message.failure, "unsure_at" in message.marks) == ("sent", None, False)


def test_somebody_who_looked_ends_it_and_nobody_waits(
    database: Database, delivery: Delivery, agent: Agent
) -> None:
    message = fail(database, delivery, once(NoAnswer("x")))
    with database.write() as unit:
        confirm(unit, unit.session.get_one(Delivery, delivery.pk), by=unit.session.get_one(Agent, agent.pk))
        ticket = unit.session.get_one(Ticket, message.ticket_id)
        assert ticket.waiting_since is None
        assert unit.session.get_one(Message, message.pk).state == "sent"
    with database.write() as unit, pytest.raises(Conflict):
        confirm(unit, unit.session.get_one(Delivery, delivery.pk), by=unit.session.get_one(Agent, agent.pk))

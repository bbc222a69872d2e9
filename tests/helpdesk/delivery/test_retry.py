"""A failed message goes out again under its own Message-ID."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from helpdesk.delivery import receipts, retry
from helpdesk.delivery.worker import Courier
from helpdesk.errors import Conflict
from helpdesk.models import Agent, Brand, ChannelAccount, Delivery, Event, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests.fakes.fixtures import MakeAccount
from tests.fakes.ports import free_port
from tests.fakes.smtp import Sink
from tests.helpdesk.delivery.conftest import MakeReply


@pytest.fixture
def courier(database: Database, files: Files, seal: Seal, settings: Settings) -> Courier:
    return Courier(database, files, seal, settings)


def test_a_failed_message_is_sent_again_unchanged(
    courier: Courier,
    sink: Sink,
    make_account: MakeAccount,
    make_reply: MakeReply,
    database: Database,
    agent: Agent,
) -> None:
    message = make_reply(make_account(smtp=sink.port))
    sink.answers = ["554 no thanks"]
    asyncio.run(courier.drain())
    with database.write() as unit:
        delivery = unit.session.exec(select(Delivery)).one()
        before = delivery.raw
        retry.retry(unit, delivery, by=agent)
    asyncio.run(courier.drain())
    assert [one.raw for one in sink.taken] == [before]
    with database.read() as unit:
        again = unit.session.get_one(Message, message.pk)
        assert (again.state, again.failure) == ("sent", None)
        assert "delivery_retried" in unit.session.exec(select(Event.name)).all()


def test_what_is_sent_is_not_sent_again(
    courier: Courier,
    sink: Sink,
    make_account: MakeAccount,
    make_reply: MakeReply,
    database: Database,
    agent: Agent,
) -> None:
    make_reply(make_account(smtp=sink.port))
    asyncio.run(courier.drain())
    with database.write() as unit, pytest.raises(Conflict):
        retry.retry(unit, unit.session.exec(select(Delivery)).one(), by=agent)


def test_after_a_repair_what_waits_goes_at_once(
    courier: Courier, sink: Sink, make_account: MakeAccount, make_reply: MakeReply, database: Database
) -> None:
    account = make_account(smtp=free_port())
    make_reply(account)
    asyncio.run(courier.drain())
    with database.write() as unit:
        unit.session.merge(account).config = {"smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "none"}}
        assert retry.hurry(unit, account.pk) == 1
    assert asyncio.run(courier.drain()) == 1
    assert len(sink.taken) == 1


def test_a_paused_mailbox_sends_nothing_until_it_is_resumed(
    courier: Courier, sink: Sink, make_account: MakeAccount, make_reply: MakeReply, database: Database
) -> None:
    account = make_account(smtp=sink.port)
    make_reply(account)
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).active = False
    asyncio.run(courier.drain())
    with database.write() as unit:
        delivery = unit.session.exec(select(Delivery)).one()
        assert (delivery.state, delivery.attempts, sink.taken) == ("queued", 0, [])
        unit.session.get_one(ChannelAccount, account.pk).active = True
        retry.hurry(unit, account.pk)
    asyncio.run(courier.drain())
    assert len(sink.taken) == 1


def test_a_bounce_marks_the_message_and_brings_the_ticket_back(
    courier: Courier,
    sink: Sink,
    make_account: MakeAccount,
    make_reply: MakeReply,
    database: Database,
    brand: Brand,
) -> None:
    message = make_reply(make_account(smtp=sink.port))
    asyncio.run(courier.drain())
    facts = (f"<{message.external_id}>", "hanako@example.jp", "5.1.1", "smtp; 550 no such user")
    with database.write() as unit:
        assert receipts.bounced(unit, brand.pk, *facts)
        assert receipts.bounced(unit, brand.pk, *facts)
    with database.read() as unit:
        marked = unit.session.get_one(Message, message.pk)
        assert (marked.state, marked.failure) == ("failed", "hanako@example.jp: 5.1.1 smtp; 550 no such user")
        assert unit.session.get_one(Ticket, message.ticket_id).status == "open"
        assert list(unit.session.exec(select(Event.name))).count("delivery_failed") == 1


def test_a_bounce_of_something_else_marks_nothing(
    make_account: MakeAccount, make_reply: MakeReply, database: Database, brand: Brand, other_brand: Brand
) -> None:
    message = make_reply(make_account())
    with database.write() as unit:
        assert receipts.bounced(unit, brand.pk, "other@id", "a@b", "5.0.0", "") is None
        assert receipts.bounced(unit, other_brand.pk, str(message.external_id), "a@b", "5.0.0", "") is None

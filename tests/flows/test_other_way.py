"""A mail is answered on LINE; what the customer writes back there comes into the mail's ticket."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from helpdesk.customers import merge
from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Brand, ChannelAccount, Contact, Customer, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import reply
from helpdesk.tickets.letter import written
from helpdesk.tickets.open import open_ticket
from tests.conftest import StandingClock
from tests.flows.test_line_story import Desk, account, desk, provider
from tests.helpdesk.stories import rows

__all__ = ["account", "desk", "provider"]


@pytest.fixture
def mail(database: Database, brand: Brand) -> Ticket:
    with database.write() as unit:
        customer = identify(unit, brand.pk, "email", "hanako@example.jp", name="山田 花子")
        return open_ticket(
            unit,
            unit.session.get_one(Brand, brand.pk),
            customer,
            channel="email",
            account_id=None,
            subject="届きません",
            language="ja",
        )


def test_the_answer_to_an_answer_on_another_channel_finds_its_ticket(
    desk: Desk,
    account: ChannelAccount,
    mail: Ticket,
    agent: Agent,
    provider: Any,
    database: Database,
    clock: StandingClock,
) -> None:
    desk.write(account, 1, text="こんにちは")
    with database.write() as unit:
        contact = unit.session.get_one(Contact, rows(database, Contact)[0].pk)
        source = unit.session.get_one(Customer, contact.customer_id)
        merge.merge(unit, source, unit.session.get_one(Customer, mail.customer_id), by=None)
    clock.advance(hours=1)
    with database.write() as unit:
        ticket = unit.session.get_one(Ticket, mail.pk)
        letter = written("LINEでお返事します。", via=contact.key)
        reply.post(unit, ticket, letter, by=agent, files=desk.courier.files)
    asyncio.run(desk.courier.drain())
    assert [(one.to, one.body["text"]) for one in provider[0].sent] == [("U1", "LINEでお返事します。")]
    clock.advance(minutes=3)
    desk.write(account, 2, text="ありがとうございます")
    told = [(one.channel, one.direction) for one in rows(database, Message) if one.ticket_id == mail.pk]
    assert told == [("line", "out"), ("line", "in")]

"""What becomes of answers when the account that they would leave by is removed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

import classifiers
from helpdesk import i18n
from helpdesk.channels.windows import Mode
from helpdesk.delivery.worker import Courier
from helpdesk.errors import Invalid
from helpdesk.inbox import sending
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Agent, Brand, ChannelAccount, Contact, Delivery, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.simulate.accounts import connect
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.social import upkeep
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import direct, reply, tag
from tests.helpdesk.stories import only


@pytest.fixture
def talk(database: Database, brand: Brand, seal: Seal, files: Files, client: TestClient) -> ChannelAccount:
    """A customer has written to a LINE account."""
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        account = connect(unit, seal, unit.session.get_one(Brand, brand.pk), "line", "http://127.0.0.1:9")
    deed = Deed("text", "U1", database.clock(), "1", text="届きません")
    call = VENDORS["line"](deed, seal.open(account.secrets), account.address)
    url = f"/hooks/line/{account.key}"
    assert client.post(url, content=call.body, headers=dict(call.headers)).status_code == 200
    Intake(database, files, seal, classifiers.builtin()).drain()
    return account


def answer(database: Database, agent: Agent, files: Files) -> None:
    with database.write() as unit:
        ticket = unit.session.get_one(Ticket, only(database, Ticket).pk)
        reply.send(unit, ticket, by=agent, body="お調べします。", files=files)


def remove(database: Database, account: ChannelAccount) -> None:
    with database.write() as unit:
        upkeep.remove(unit, unit.session.get_one(ChannelAccount, account.pk))


def test_an_answer_that_waited_fails_with_the_reason_and_the_ticket_is_open_again(
    database: Database,
    talk: ChannelAccount,
    agent: Agent,
    files: Files,
    seal: Seal,
    settings: Settings,
    clock: Any,
) -> None:
    answer(database, agent, files)
    remove(database, talk)
    clock.advance(minutes=1)
    asyncio.run(Courier(database, files, seal, settings).drain())
    delivery = only(database, Delivery)
    with i18n.using("ja"):  # the brand's language
        why = i18n.gettext("this account is not connected any more; answer by another way")
    assert (delivery.state, delivery.reason) == ("failed", why)
    assert only(database, Ticket).status == "open"


def test_nothing_new_can_be_written_and_the_conversation_stays(
    database: Database, talk: ChannelAccount, agent: Agent, files: Files, client: TestClient
) -> None:
    remove(database, talk)
    ticket = only(database, Ticket)
    assert client.get(f"/tickets/{ticket.key}").status_code == 200
    with database.read() as unit:
        told = sending.look(unit, ticket)
    assert told and (told.mode, "not connected any more" in told.why) == ("closed", True)
    with pytest.raises(Invalid, match="not connected any more"):
        answer(database, agent, files)
    with database.read() as unit:
        account = unit.session.get_one(ChannelAccount, talk.pk)
        window = direct.window_of(unit, only(database, Contact), account)
    assert (window.mode, window.reason) == (Mode.CLOSED, "removed")
    assert only(database, Message).text == "届きません"

"""The moment an answer leaves for a social channel: the time is looked at again, and its reply comes back here."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.delivery.worker import Courier
from helpdesk.models import Agent, Brand, Contact, Delivery, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.tickets.letter import written
from tests.conftest import StandingClock
from tests.helpdesk.desk import customer_of
from tests.helpdesk.stories import only, rows
from tests.helpdesk.talks import add_account, add_contact, add_talk

HOUR = 60


class Desk:
    def __init__(self, database: Database, agent: Agent, courier: Courier) -> None:
        self.database, self.agent, self.courier = database, agent, courier

    def answer(self, ticket: Ticket, text: str = "お調べします。", **given: Any) -> None:
        with self.database.write() as unit:
            mine = unit.session.get_one(Ticket, ticket.pk)
            reply.post(unit, mine, written(text, **given), by=self.agent, files=self.courier.files)

    def drain(self) -> Delivery:
        asyncio.run(self.courier.drain())
        return only(self.database, Delivery)

    def said(self) -> dict[str, Any]:
        """The first request as it is kept."""
        delivery = self.drain()
        assert delivery.raw is not None
        first: dict[str, Any] = json.loads(delivery.raw)["requests"][0]
        return first


@pytest.fixture
def desk(
    database: Database, brand: Brand, agent: Agent, files: Files, seal: Seal, settings: Settings
) -> Desk:
    """Reasons are kept in the brand's language."""
    with database.write() as unit:
        unit.session.get_one(Brand, brand.pk).language = "en"
    return Desk(database, agent, Courier(database, files, seal, settings))


def test_a_late_answer_is_marked_as_a_persons(desk: Desk, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "messenger", ago=25 * HOUR)
    desk.answer(ticket)
    assert (desk.said()["messaging_type"], desk.said()["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_within_the_day_nothing_is_marked(desk: Desk, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "messenger", ago=23 * HOUR)
    desk.answer(ticket)
    assert desk.said()["messaging_type"] == "RESPONSE"


@pytest.mark.parametrize("given", [{"by_hand": False}, {"at": True}])
def test_what_nobody_answers_for_is_never_marked_as_a_persons(
    desk: Desk, database: Database, brand: Brand, clock: StandingClock, given: dict[str, Any]
) -> None:
    ticket, _ = add_talk(database, brand, "messenger", ago=23 * HOUR)
    if "at" in given:
        given = {"at": clock.now + timedelta(minutes=50)}
    desk.answer(ticket, **given)
    clock.advance(hours=2)
    delivery = desk.drain()
    assert (delivery.state, delivery.raw) == ("failed", None)
    message = next(one for one in rows(database, Message) if one.direction == "out")
    assert "only a person may answer" in (message.failure or "")
    assert only(database, Ticket).status == "open"


def test_a_held_answer_that_missed_the_window_is_not_sent(
    desk: Desk, database: Database, brand: Brand, clock: StandingClock
) -> None:
    ticket, _ = add_talk(database, brand, "whatsapp", ago=23 * HOUR)
    desk.answer(ticket, hold=timedelta(hours=2))
    clock.advance(hours=3)
    delivery = desk.drain()
    assert delivery.state == "failed"
    assert "approved templates" in (delivery.reason or "")


def test_who_blocked_meanwhile_gets_nothing(
    desk: Desk, database: Database, brand: Brand, clock: StandingClock
) -> None:
    ticket, contact = add_talk(database, brand, "line")
    desk.answer(ticket, hold=timedelta(seconds=10))
    with database.write() as unit:
        unit.session.get_one(Contact, contact.pk).blocked = True
    clock.advance(seconds=11)
    assert "blocked" in (desk.drain().reason or "")


def test_a_template_goes_instead_of_its_words(desk: Desk, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "whatsapp", ago=25 * HOUR)
    template = {
        "key": "k",
        "values": ["HK-1"],
        "name": "on_its_way",
        "language": "ja",
        "parameters": ["HK-1"],
    }
    desk.answer(ticket, "ご注文 HK-1 はお届け中です。", template=template)
    said = desk.said()
    assert (said["type"], said["template"]["name"]) == ("template", "on_its_way")
    assert "text" not in said


def test_a_card_goes_beside_the_words(desk: Desk, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "line")
    desk.answer(ticket, card={"order": "HK-1", "title": "ご注文 HK-1", "lines": ["輸送中"]})
    assert [one["type"] for one in desk.said()["messages"]] == ["text", "flex"]


def test_what_they_write_next_comes_into_this_ticket(desk: Desk, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "line")
    other = add_contact(
        database, add_account(database, brand, "telegram"), customer=customer_of(database, ticket)
    )
    desk.answer(ticket, via=other.key)
    desk.drain()
    with database.read() as unit:
        assert unit.session.get_one(Contact, other.pk).ticket_id == ticket.pk

"""The line of a conversation in lists: its newest words, or what was sent without any."""

from __future__ import annotations

import pytest

from helpdesk import i18n
from helpdesk.models import Brand, Message, Ticket
from helpdesk.social.redact import redact
from helpdesk.social.words import words_of
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.tickets.receive import line_of, receive
from tests.helpdesk.desk import add_message, add_ticket

STICKER = {"type": "sticker", "keywords": ["困った"]}


@pytest.fixture
def ticket(database: Database, brand: Brand) -> Ticket:
    with database.write() as unit:
        unit.session.get_one(Brand, brand.pk).language = "ja"
    return add_ticket(database, brand, channel="line", preview="", subject="")


def line(database: Database, ticket: Ticket) -> str:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk).preview


def come(database: Database, ticket: Ticket, text: str, **given: object) -> Message:
    message = add_message(database, ticket, text, channel="line", **given)  # type: ignore[arg-type]
    with database.write() as unit:
        there = unit.session.get_one(Message, message.pk)
        search.put(unit, brand_id=there.brand_id, message_id=there.pk, words=words_of(there, text))
        receive(unit, unit.session.get_one(Ticket, ticket.pk), there)
    return message


def take_back(database: Database, message: Message) -> None:
    with database.write() as unit:
        redact(unit, unit.session.get_one(Message, message.pk), name="n")


def test_a_message_without_words_is_called_what_it_is(database: Database, ticket: Ticket) -> None:
    come(database, ticket, "", content={"type": "image"})
    with i18n.using("ja"):
        assert line(database, ticket) == i18n.gettext("Picture")


def test_words_come_before_what_goes_with_them(database: Database, ticket: Ticket) -> None:
    message = come(database, ticket, "これです", content={"type": "image"})
    assert line(database, ticket) == line_of(message) == "これです"


def test_what_was_taken_back_is_in_no_list_any_more(database: Database, ticket: Ticket) -> None:
    come(database, ticket, "届きません", ago=9)
    take_back(database, come(database, ticket, "住所は東京都…", ago=8))
    assert line(database, ticket) == "届きません"


def test_a_sticker_that_was_taken_back_is_not_shown_either(database: Database, ticket: Ticket) -> None:
    take_back(database, come(database, ticket, "", content=STICKER))
    assert "困った" not in line(database, ticket) and line(database, ticket)


def test_what_was_taken_back_earlier_is_not_shown_for_the_later(database: Database, ticket: Ticket) -> None:
    first = come(database, ticket, "一", ago=9)
    second = come(database, ticket, "二", ago=8)
    take_back(database, first)
    assert line(database, ticket) == "二"
    take_back(database, second)
    assert "一" not in line(database, ticket) and "二" not in line(database, ticket)

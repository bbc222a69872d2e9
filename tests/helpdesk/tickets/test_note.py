"""Notes: a mention reaches the colleague, a correction loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

from helpdesk.errors import Forbidden, Invalid
from helpdesk.models import Agent, Brand, Event, Follower, Message, Notification, Ticket
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import follow, note
from tests.helpdesk.desk import add_message, add_ticket


@pytest.fixture
def ticket(database: Database, brand: Brand) -> Ticket:
    return add_ticket(database, brand)


@pytest.fixture
def mika(make_agent: Callable[..., Agent]) -> Agent:
    return make_agent("高橋 美咲", email="mika@example.com")


def write(database: Database, ticket: Ticket, files: Files, by: Agent, body: str) -> Message:
    with database.write() as unit:
        ours = unit.session.get_one(Ticket, ticket.pk)
        return note.add(unit, ours, by=unit.session.get_one(Agent, by.pk), body=body, files=files)


def told(database: Database) -> list[tuple[int, str]]:
    with database.read() as unit:
        return [(one.agent_id, one.name) for one in unit.session.exec(select(Notification))]


def test_a_mention_tells_the_colleague_who_follows_from_then_on(
    database: Database, ticket: Ticket, files: Files, agent: Agent, mika: Agent
) -> None:
    message = write(database, ticket, files, agent, "@高橋 お願いします")
    assert told(database) == [(mika.pk, "mentioned")]
    assert [one["name"] for one in message.to] == ["高橋 美咲"]
    with database.read() as unit:
        assert [one.agent_id for one in unit.session.exec(select(Follower))] == [mika.pk]


def test_nobody_is_told_of_the_own_name_or_of_a_ticket_they_may_not_see(
    database: Database,
    ticket: Ticket,
    files: Files,
    agent: Agent,
    other_brand: Brand,
    make_agent: Callable[..., Agent],
) -> None:
    make_agent("Foreign Fox", brand_ids=[other_brand.pk])
    write(database, ticket, files, agent, "@Misaki Takahashi and @Foreign Fox")
    assert told(database) == []


def test_a_follower_hears_of_a_note_once_even_when_called(
    database: Database, ticket: Ticket, files: Files, agent: Agent, mika: Agent
) -> None:
    with database.write() as unit:
        follow.follow(unit, unit.session.get_one(Ticket, ticket.pk), mika)
    write(database, ticket, files, agent, "for everybody")
    assert told(database) == [(mika.pk, "answered")]
    write(database, ticket, files, agent, "@高橋 美咲 and for you")
    assert sorted(told(database)) == [(mika.pk, "answered"), (mika.pk, "mentioned")]


def test_a_correction_keeps_the_earlier_words_and_calls_only_new_names(
    database: Database, ticket: Ticket, files: Files, agent: Agent, mika: Agent, lead: Agent, brand: Brand
) -> None:
    message = write(database, ticket, files, agent, "@高橋 品番は 4711 です")
    with database.write() as unit:
        ours = unit.session.get_one(Message, message.pk)
        on = unit.session.get_one(Ticket, ticket.pk)
        note.correct(unit, on, ours, by=agent, body="@高橋 @Lena 品番は 4712 です")
    with database.read() as unit:
        (event,) = unit.session.exec(select(Event).where(Event.name == "note_corrected"))
        assert event.data["before"] == "@高橋 品番は 4711 です"
        assert unit.session.get_one(Message, message.pk).text == "@高橋 @Lena 品番は 4712 です"
        assert search.find(unit, "4712", brand_ids=[brand.pk]) == [ticket.pk]
    assert sorted(told(database)) == sorted([(mika.pk, "mentioned"), (lead.pk, "mentioned")])


def test_only_the_writer_corrects_and_never_to_nothing(
    database: Database, ticket: Ticket, files: Files, agent: Agent, lead: Agent
) -> None:
    message = write(database, ticket, files, agent, "mine")
    theirs = add_message(database, ticket, "a customer's words")
    with database.write() as unit:
        on = unit.session.get_one(Ticket, ticket.pk)
        with pytest.raises(Forbidden):
            note.correct(unit, on, unit.session.get_one(Message, message.pk), by=lead, body="not mine")
        with pytest.raises(Forbidden):
            note.correct(unit, on, unit.session.get_one(Message, theirs.pk), by=agent, body="x")
        with pytest.raises(Invalid):
            note.correct(unit, on, unit.session.get_one(Message, message.pk), by=agent, body="  ")

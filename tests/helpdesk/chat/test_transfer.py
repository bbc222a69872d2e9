"""A conversation is passed on with a word about it, and whoever gets it knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from helpdesk.chat import transfer
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Brand, Direction, Message, Notification, Team, TeamAgent, Ticket
from helpdesk.people import teams
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from tests.helpdesk.chat.shop import Shop

MakeAgent = Callable[..., Agent]
Pass = Callable[..., str]


@pytest.fixture
def team(database: Database, brand: Brand, lead: Agent, agent: Agent) -> Team:
    """Both are of it."""
    with database.write() as unit:
        made = teams.create(unit, brand.pk, name="Returns")
        unit.session.add_all(TeamAgent(team_id=made.pk, agent_id=one.pk) for one in (lead, agent))
    return made


@pytest.fixture
def pass_on(database: Database, agent: Agent, files: Files) -> Pass:
    def send(chat: int, note: str = "", **to: object) -> str:
        with database.write() as unit:
            ticket, by = unit.session.get_one(Ticket, chat), unit.session.get_one(Agent, agent.pk)
            return transfer.transfer(unit, ticket, by=by, body=note, files=files, **to)  # type: ignore[arg-type]

    return send


def notifications(database: Database, agent: Agent) -> list[str]:
    with database.read() as unit:
        mine = (
            select(Notification.name).where(Notification.agent_id == agent.pk).order_by(col(Notification.id))
        )
        return list(unit.session.exec(mine))


def test_a_colleague_gets_the_chat_with_the_note_and_is_told_even_without_room(
    shop: Shop, agent: Agent, lead: Agent, pass_on: Pass, database: Database
) -> None:
    shop.comes(agent, capacity=1)
    shop.comes(lead, capacity=0)
    chat = shop.asks()
    shop.drain()
    assert pass_on(chat, "She wants her money back", agent=lead) == "Lena Lead"
    assert shop.holder(chat) == lead.pk
    assert shop.log(chat)[-1] == ("transferred", "")
    assert notifications(database, lead) == ["transferred"]
    with database.read() as unit:
        (note,) = unit.session.scalars(select(Message).where(Message.direction == Direction.NOTE))
        assert (note.text, note.agent_id) == ("She wants her money back", agent.pk)
        told = unit.session.scalars(select(Notification).where(Notification.name == "transferred")).one()
        assert told.message_id == note.pk
    assert shop.drain() == 0


def test_a_team_gets_it_through_whoever_has_room_and_never_straight_back(
    shop: Shop, agent: Agent, lead: Agent, team: Team, pass_on: Pass, database: Database
) -> None:
    shop.comes(agent, lead)
    chats = [shop.asks() for _ in range(2)]
    shop.drain()
    mine = next(chat for chat in chats if shop.holder(chat) == agent.pk)
    pass_on(mine, team=team)
    assert shop.holder(mine) == lead.pk
    assert shop.log(mine)[-2:] == [("transferred", ""), ("assigned", "queue")]
    assert notifications(database, lead)[-1] == "chat_given"


def test_a_team_without_anybody_free_is_told_and_the_chat_waits_for_it(
    shop: Shop, agent: Agent, lead: Agent, team: Team, pass_on: Pass, database: Database
) -> None:
    shop.comes(agent)
    chat = shop.asks()
    shop.drain()
    pass_on(chat, team=team)
    assert shop.drain() == 0
    assert shop.holder(chat) is None
    assert notifications(database, lead) == ["transferred"]
    shop.comes(lead)
    assert shop.drain() == 1
    assert shop.holder(chat) == lead.pk


def test_after_a_while_even_the_one_who_passed_it_on_is_better_than_nobody(
    shop: Shop, agent: Agent, team: Team, pass_on: Pass
) -> None:
    shop.comes(agent)
    chat = shop.asks()
    shop.drain()
    pass_on(chat, team=team)
    assert shop.drain() == 0
    shop.clock.advance(minutes=6)
    shop.comes(agent)
    assert shop.drain() == 1
    assert shop.holder(chat) == agent.pk


def test_it_goes_to_one_of_the_two(shop: Shop, agent: Agent, lead: Agent, team: Team, pass_on: Pass) -> None:
    chat = shop.asks()
    for to in ({}, {"agent": lead, "team": team}):
        with pytest.raises(Invalid):
            pass_on(chat, "Words that nobody gets", **to)


def test_the_choices_say_who_has_room(
    shop: Shop, agent: Agent, lead: Agent, team: Team, make_agent: MakeAgent, database: Database
) -> None:
    full, away, gone = make_agent("Fumi Full"), make_agent("Aya Away"), make_agent("Goro Gone")
    shop.comes(full, capacity=1)
    chat = shop.asks()
    shop.drain()
    shop.comes(agent, lead, away)
    shop.turns(away, "away")
    held = shop.asks()
    with database.read() as unit:
        choices = transfer.list_choices(unit, unit.session.get_one(Ticket, held), by=agent.pk)
    assert [(one.name, one.state, one.live, one.capacity) for one in choices.people] == [
        (lead.name, "available", 0, 3),
        (full.name, "full", 1, 1),
        (away.name, "away", 0, 3),
        (gone.name, "gone", 0, 3),
    ]
    assert [(one.name, one.available) for one in choices.teams] == [("Returns", 1)]
    with database.read() as unit:
        mine = transfer.list_choices(unit, unit.session.get_one(Ticket, chat), by=agent.pk)
    assert full.name not in [one.name for one in mine.people]

"""Chats reach whoever is there and has room, and leave those who are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from helpdesk.chat import assignment, live
from helpdesk.chat.takers import count_available
from helpdesk.models import Agent, Brand, ChannelAccount, Notification, TeamAgent
from helpdesk.people import availability, roles, sign_in, teams
from helpdesk.store.db import Database
from tests.helpdesk.chat.shop import Shop

MakeAgent = Callable[..., Agent]


def test_a_new_chat_goes_to_whoever_is_there_and_says_so_in_the_log(
    shop: Shop, agent: Agent, database: Database
) -> None:
    shop.comes(agent)
    chat = shop.asks()
    assert shop.drain() == 1
    assert shop.holder(chat) == agent.pk
    assert shop.log(chat) == [("assigned", "queue")]
    with database.read() as unit:
        told = unit.session.scalars(select(Notification)).one()
        assert (told.agent_id, told.name, told.by_id) == (agent.pk, "chat_given", None)


@pytest.mark.parametrize("why", ["away", "gone", "stale", "full", "none", "switched off", "other brand"])
def test_nobody_gets_a_chat_who_cannot_take_it(
    why: str, shop: Shop, agent: Agent, other_brand: Brand, database: Database
) -> None:
    shop.comes(agent, capacity={"full": 1, "none": 0}.get(why))
    if why == "full":
        shop.asks()
        shop.drain()
    if why == "away":
        shop.turns(agent, "away")
    elif why == "gone":
        shop.goes(agent)
    elif why == "stale":
        shop.clock.advance(seconds=availability.PRESENT_FOR.seconds)
    elif why == "switched off":
        with database.write() as unit:
            unit.session.get_one(Agent, agent.pk).active = False
    chat = shop.asks(brand=other_brand if why == "other brand" else None)
    assert shop.drain() == 0
    assert shop.holder(chat) is None


def test_a_role_that_may_not_answer_gets_no_chats(
    shop: Shop, make_agent: MakeAgent, database: Database
) -> None:
    with database.write() as unit:
        reader = roles.create(unit, name="Reader", rights=["reports"])
        writer = roles.create(unit, name="Writer", rights=["reply"])
    shop.comes(make_agent("Ren", role=reader.key))
    chat = shop.asks()
    assert shop.drain() == 0
    writing = make_agent("Wada", role=writer.key)
    shop.comes(writing)
    assert shop.drain() == 1
    assert shop.holder(chat) == writing.pk


def test_the_most_urgent_comes_first_then_the_oldest_and_the_queue_moves_when_one_is_done(
    shop: Shop, agent: Agent
) -> None:
    shop.comes(agent, capacity=1)
    old = shop.asks(urgency=40)
    shop.clock.advance(seconds=1)
    new, urgent = shop.asks(urgency=40), shop.asks(urgency=80)
    order = []
    for _ in range(3):
        assert shop.drain() == 1
        (held,) = [chat for chat in (old, new, urgent) if shop.holder(chat) and chat not in order]
        order.append(held)
        assert shop.drain() == 0
        shop.closes(held)
    assert order == [urgent, old, new]


def test_a_chat_counts_until_its_visitor_has_been_gone_for_a_while(shop: Shop, agent: Agent) -> None:
    shop.comes(agent, capacity=1)
    first = shop.asks()
    shop.drain()
    second = shop.asks()
    shop.answers(first)
    assert shop.drain() == 0
    shop.clock.advance(minutes=11)
    shop.comes(agent)
    assert shop.drain() == 1
    assert shop.holder(second) == agent.pk


def test_only_members_take_the_chats_of_a_team_whether_given_or_named_by_the_widget(
    shop: Shop, agent: Agent, make_agent: MakeAgent, brand: Brand, database: Database
) -> None:
    member = make_agent("Mori")
    with database.write() as unit:
        team = teams.create(unit, brand.pk, name="Orders")
        unit.session.add(TeamAgent(team_id=team.pk, agent_id=member.pk))
    shop.comes(agent)
    given = shop.asks(team=team)
    assert shop.drain() == 0
    shop.comes(member)
    assert shop.drain() == 1
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, shop.account.pk).config = {"team": team.key}
    named = shop.asks()
    shop.drain()
    assert shop.holder(given) == shop.holder(named) == member.pk
    with database.read() as unit:
        assert count_available(unit, brand.pk) == 2
        assert count_available(unit, brand.pk, team.key) == 1


def test_chats_of_a_manual_widget_wait_until_somebody_takes_one(
    shop: Shop, agent: Agent, brand: Brand, database: Database
) -> None:
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, shop.account.pk).config = {"assign": "manual"}
    shop.comes(agent, capacity=1)
    calm, urgent = shop.asks(urgency=10), shop.asks(urgency=90)
    assert shop.drain() == 0
    with database.read() as unit:
        assert live.find_queue(unit, [brand.pk]) == live.Queue(2, shop.clock.now)
    with database.write() as unit:
        me = unit.session.get_one(Agent, agent.pk)
        taken = [assignment.take_next(unit, me) for _ in range(3)]
    assert [one and one.pk for one in taken] == [urgent, calm, None]
    assert shop.log(urgent) == [("assigned", "")]
    with database.read() as unit:
        assert [one.pk for one in live.list_live(unit, agent.pk)] == [calm, urgent]
        assert live.find_queue(unit, [brand.pk]) == live.Queue(0, None)


def test_nobody_takes_a_chat_of_a_brand_they_may_not_see(
    shop: Shop, agent: Agent, other_brand: Brand, database: Database
) -> None:
    shop.asks(brand=other_brand)
    with database.write() as unit:
        assert assignment.take_next(unit, unit.session.get_one(Agent, agent.pk)) is None


def test_who_vanishes_loses_what_waits_and_reloading_loses_nothing(
    shop: Shop, agent: Agent, lead: Agent
) -> None:
    shop.comes(agent)
    waits, answered = shop.asks(), shop.asks()
    shop.drain()
    shop.answers(answered)
    shop.goes(agent)
    shop.comes(lead)
    shop.clock.advance(seconds=90)
    assert shop.drain() == 0
    shop.comes(lead)
    shop.clock.advance(seconds=40)
    assert shop.drain() == 2  # back to the queue, and from there to the lead
    assert (shop.holder(waits), shop.holder(answered)) == (lead.pk, agent.pk)
    assert shop.log(waits)[1:] == [("returned", "gone"), ("assigned", "queue")]


def test_who_turns_away_keeps_their_talks_and_loses_what_they_have_not_begun(
    shop: Shop, agent: Agent, lead: Agent, database: Database
) -> None:
    shop.comes(agent)
    begun, fresh = shop.asks(), shop.asks()
    shop.drain()
    shop.says(begun, agent)
    shop.turns(agent, "away")
    shop.comes(lead)
    assert shop.drain() == 2
    assert (shop.holder(begun), shop.holder(fresh)) == (agent.pk, lead.pk)
    assert shop.log(fresh)[1:] == [("returned", "away"), ("assigned", "queue")]


def test_a_chat_that_returns_goes_to_somebody_else_when_its_agent_is_away(
    shop: Shop, agent: Agent, lead: Agent
) -> None:
    shop.comes(agent)
    chat = shop.asks()
    shop.drain()
    shop.closes(chat)
    shop.turns(agent, "away")
    shop.comes(agent, lead)
    shop.writes(chat)
    assert shop.holder(chat) == lead.pk
    assert shop.log(chat)[-2:] == [("returned", "away"), ("assigned", "queue")]


def test_a_chat_that_returns_stays_with_its_agent_who_is_there_and_goes_to_nobody_when_all_are_gone(
    shop: Shop, agent: Agent, lead: Agent
) -> None:
    shop.comes(agent, lead)
    chat = shop.asks()
    shop.drain()
    first = agent if shop.holder(chat) == agent.pk else lead
    shop.closes(chat)
    shop.writes(chat)
    assert shop.holder(chat) == first.pk
    shop.answers(chat)
    shop.clock.advance(hours=14)
    shop.writes(chat)
    assert shop.holder(chat) is None
    assert shop.log(chat)[-1] == ("returned", "gone")


def test_in_the_middle_of_a_talk_turning_away_does_not_lose_it(shop: Shop, agent: Agent, lead: Agent) -> None:
    shop.comes(agent)
    chat = shop.asks()
    shop.drain()
    shop.answers(chat)
    shop.turns(agent, "away")
    shop.comes(lead)
    shop.clock.advance(minutes=1)
    shop.writes(chat)
    assert shop.holder(chat) == agent.pk


def test_nothing_is_written_while_nobody_waits(shop: Shop, agent: Agent, database: Database) -> None:
    shop.comes(agent)
    told: list[object] = []
    database.listeners.append(told.extend)
    before = database.write
    database.write = None  # type: ignore[assignment, method-assign]
    try:
        assert shop.drain() == 0
    finally:
        database.write = before  # type: ignore[method-assign]
    assert told == []


def test_a_fault_of_ours_while_giving_out_chats_loses_no_message(
    shop: Shop, agent: Agent, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.comes(agent)

    def breaks(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr(assignment, "notify", breaks)
        with database.write() as unit:
            chat = shop.begins(unit)
            assignment.settle(unit)
    assert shop.holder(chat) is None
    assert shop.drain() == 1
    assert shop.log(chat) == [("assigned", "queue")]


def test_without_a_socket_a_page_seen_lately_is_being_there(
    shop: Shop, agent: Agent, database: Database
) -> None:
    """A browser that opens no socket is still somebody who takes chats by hand."""
    chat = shop.asks()
    with database.write() as unit:
        sign_in.start(unit, agent, user_agent="tests", days=1)
        assert assignment.take_next(unit, unit.session.get_one(Agent, agent.pk))
    assert shop.drain() == 0
    shop.clock.advance(minutes=16)
    assert shop.drain() == 1
    assert shop.holder(chat) is None


def test_a_note_of_attendance_reaches_far_enough() -> None:
    """Between two notes nobody may seem gone."""
    assert availability.NOTED_EVERY + timedelta(seconds=30) < availability.PRESENT_FOR
    assert availability.PRESENT_FOR < availability.VANISHED_AFTER

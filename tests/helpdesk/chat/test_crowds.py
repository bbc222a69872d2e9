"""Chats are given out fairly whatever happens, and in however many processes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import col, select

from helpdesk.chat import assignment, live
from helpdesk.models import Agent, Brand, Ticket
from helpdesk.people import availability
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.chat.shop import Shop

MakeAgent = Callable[..., Agent]


@pytest.mark.postgres
def test_two_processes_never_fill_the_same_place_twice(
    shop: Shop, make_agent: MakeAgent, database: Database, database_url: str, clock: StandingClock
) -> None:
    if database.sqlite:
        pytest.skip("on SQLite one unit writes at a time")
    team = [make_agent(f"Agent{n} Test") for n in range(4)]
    shop.comes(*team, capacity=2)
    chats = [shop.asks() for _ in range(20)]
    others = [Database(database_url, clock=clock) for _ in range(4)]
    start, moved, faults = threading.Barrier(4), [], []

    def give_out(own: Database) -> None:
        start.wait()
        try:
            for _ in range(5):
                with own.write() as unit:
                    moved.append(assignment.assign_waiting(unit))
                moved.append(assignment.drain(own))
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=give_out, args=(own,)) for own in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for own in others:
        own.close()
    assert faults == []
    assert sum(moved) == 8
    assert Counter(filter(None, map(shop.holder, chats))) == {one.pk: 2 for one in team}


@pytest.mark.postgres
def test_two_new_chats_at_once_do_not_take_the_same_last_place(
    shop: Shop, make_agent: MakeAgent, brand: Brand, other_brand: Brand, database: Database
) -> None:
    if database.sqlite:
        pytest.skip("on SQLite one unit writes at a time")
    shop.comes(make_agent("One Place", brand_ids=[brand.pk, other_brand.pk]), capacity=1)
    begun, found = threading.Barrier(2), []

    def take_in(own: Brand) -> None:
        with database.write() as unit:
            shop.begins(unit, brand=own)
            begun.wait()
            found.append(assignment.assign_waiting(unit, own.pk))

    threads = [threading.Thread(target=take_in, args=(own,)) for own in (brand, other_brand)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1]


class Crowd(RuleBasedStateMachine):
    """Whatever happens, in whatever order: after the queue was given out nobody waits who could have somebody."""

    shop: Shop
    agents: list[Agent]

    def __init__(self) -> None:
        super().__init__()
        self.chats: list[int] = []
        for chat in self._every():
            self.shop.closes(chat)
        for agent in self.agents:
            self.shop.turns(agent, "available")

    def _every(self) -> list[int]:
        with self.shop.database.read() as unit:
            return list(unit.session.scalars(select(col(Ticket.id)).where(col(Ticket.status) != "closed")))

    @rule(urgency=st.integers(0, 100))
    def asks(self, urgency: int) -> None:
        self.chats.append(self.shop.asks(urgency=urgency))

    @rule(one=st.integers(0, 2), capacity=st.integers(0, 2))
    def comes(self, one: int, capacity: int) -> None:
        with self.shop.database.read() as unit:
            busy = live.count_live(unit, [self.agents[one].pk]).get(self.agents[one].pk, 0)
        self.shop.comes(self.agents[one], capacity=max(capacity, busy))

    @rule(one=st.integers(0, 2))
    def goes(self, one: int) -> None:
        self.shop.goes(self.agents[one])

    @rule(one=st.integers(0, 2), state=st.sampled_from(["available", "away"]))
    def turns(self, one: int, state: str) -> None:
        self.shop.turns(self.agents[one], state)

    @rule(chat=st.integers(0, 9), what=st.sampled_from(["answers", "closes"]))
    def goes_on(self, chat: int, what: str) -> None:
        if chat < len(self.chats):
            getattr(self.shop, what)(self.chats[chat])
            if what == "closes":  # an answer would open it again, above its agent's limit if need be
                self.chats.pop(chat)

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        self.shop.clock.advance(seconds=seconds)

    @invariant()
    def all_is_fair_after_a_drain(self) -> None:
        self.shop.drain()
        with self.shop.database.read() as unit:
            loads = live.count_live(unit, [one.pk for one in self.agents])
            rows = {one.pk: unit.session.get_one(Agent, one.pk) for one in self.agents}
            waiting = live.list_waiting(unit)
            now = unit.now
        for pk, row in rows.items():
            assert loads.get(pk, 0) <= max(row.chat_capacity, 0)
            free = availability.is_here(row, now) and loads.get(pk, 0) < row.chat_capacity
            assert not (waiting and free)


def test_after_a_drain_nobody_has_too_many_and_nobody_waits_in_vain(
    shop: Shop, agent: Agent, lead: Agent, make_agent: MakeAgent
) -> None:
    class Ours(Crowd):
        pass

    Ours.shop, Ours.agents = shop, [agent, lead, make_agent("Third Person")]
    run_state_machine_as_test(
        Ours,
        settings=settings(
            max_examples=12 if shop.database.sqlite else 3,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )

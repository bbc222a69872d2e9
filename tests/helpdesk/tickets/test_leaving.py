"""Until an answer leaves it can be taken back; what it promises is done as it leaves, once."""

from __future__ import annotations

import asyncio
import threading

import pytest

from helpdesk.delivery.worker import Courier
from helpdesk.errors import Conflict
from helpdesk.models import Agent, Brand, Customer, Draft, Event, Message, PointsEntry, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import merge
from macros.macro import Action
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import only, rows
from tests.helpdesk.tickets.taking_back import Post, out, take


def test_points_are_given_once_when_the_answer_leaves(
    database: Database, post: Post, courier: Courier, clock: StandingClock
) -> None:
    post(actions=[Action("grant_points", 500, "late_delivery")], token="t")
    assert only(database, Customer).points == 0
    clock.advance(seconds=10)
    asyncio.run(courier.drain())
    assert only(database, Customer).points == 500
    assert only(database, PointsEntry).amount == 500


def test_points_are_for_whom_the_answer_goes_to_also_after_a_merge_with_another_customers_ticket(
    database: Database, brand: Brand, ticket: Ticket, post: Post, courier: Courier, clock: StandingClock
) -> None:
    other = add_ticket(database, brand)
    post(actions=[Action("grant_points", 500, "late_delivery")], token="t")
    with database.write() as unit:
        ours, home = unit.session.get_one(Ticket, ticket.pk), unit.session.get_one(Ticket, other.pk)
        assert ours.customer_id != home.customer_id
        merge.merge(unit, ours, home, by=None)
    clock.advance(seconds=10)
    asyncio.run(courier.drain())
    assert {one.pk: one.points for one in rows(database, Customer)} == {
        ticket.customer_id: 500,
        other.customer_id: 0,
    }
    entry = only(database, PointsEntry)
    assert (entry.customer_id, entry.ticket_id) == (ticket.customer_id, other.pk)
    told = next(one for one in rows(database, Event) if one.name == "points_granted")
    assert (told.customer_id, told.ticket_id) == (ticket.customer_id, other.pk)


def test_an_answer_whose_points_cannot_be_given_any_more_does_not_leave(
    database: Database, post: Post, courier: Courier, clock: StandingClock
) -> None:
    for number in range(3):  # 1000 each, of 2000 for a customer: each alone is within the limit
        post(f"{number}", actions=[Action("grant_points", 1000, "late_delivery")], token=f"t{number}")
    clock.advance(seconds=10)
    asyncio.run(courier.drain())
    states = sorted(one.state for one in rows(database, Message) if one.direction == "out")
    assert states == ["failed", "kept", "kept"]
    assert only(database, Customer).points == 2000
    assert only(database, Ticket).status == "open"


def test_what_has_left_stays(
    database: Database, agent: Agent, post: Post, courier: Courier, clock: StandingClock
) -> None:
    post()
    clock.advance(seconds=10)
    asyncio.run(courier.drain())
    with pytest.raises(Conflict):
        take(database, agent)
    assert out(database).state == "kept"
    assert only(database, Ticket).status == "pending"
    assert rows(database, Draft) == []


def test_an_answer_claimed_by_a_worker_that_died_before_sending_can_be_taken_back(
    database: Database, agent: Agent, post: Post, courier: Courier, clock: StandingClock
) -> None:
    post()
    clock.advance(seconds=10)
    with database.write() as unit:
        (claimed,) = courier._claim(unit)
    take(database, agent)
    assert courier._prepare(claimed) is None
    clock.advance(hours=1)
    assert asyncio.run(courier.drain()) == 0
    assert out(database).state == "taken_back"


@pytest.mark.parametrize("attempt", range(6))
def test_of_worker_and_agent_exactly_one_wins(
    database: Database, agent: Agent, post: Post, courier: Courier, clock: StandingClock, attempt: int
) -> None:
    post()
    clock.advance(seconds=10)
    start, lost = threading.Barrier(2), []

    def pull() -> None:
        start.wait()
        if attempt % 2:
            threading.Event().wait(0.002 * attempt)
        try:
            take(database, agent)
        except Conflict:
            lost.append("agent")

    def send() -> None:
        start.wait()
        asyncio.run(courier.drain())

    threads = [threading.Thread(target=one) for one in (pull, send)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state, drafts = out(database).state, rows(database, Draft)
    assert (state, len(drafts)) == (("kept", 0) if lost else ("taken_back", 1))

"""Answers for a later time: they count when they leave, and give way to a customer who writes first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.delivery.worker import Courier
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, Delivery, Draft, Event, Message, Notification, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.tickets import close, reply, schedule
from helpdesk.tickets.letter import written
from macros.macro import Action
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

LATER = datetime(2026, 1, 6, 0, 30, tzinfo=UTC)
Post = Callable[..., Message]


@pytest.fixture
def post(database: Database, ticket: Ticket, agent: Agent, files: Files) -> Post:
    def post(body: str = "おはようございます。", **given: Any) -> Message:
        with database.write() as unit:
            by, ours = unit.session.get_one(Agent, agent.pk), unit.session.get_one(Ticket, ticket.pk)
            return reply.post(unit, ours, written(body, **{"at": LATER, **given}), by=by, files=files)

    return post


def out(database: Database) -> Message:
    with database.read() as unit:
        return unit.session.exec(select(Message).where(Message.direction == "out")).one()


def test_the_ticket_waits_until_the_answer_leaves(
    database: Database, post: Post, courier: Courier, clock: StandingClock
) -> None:
    before = only(database, Ticket)
    actions = [Action("add_tag", "apology"), Action("assign", "me")]
    message = post(actions=actions, close=True)
    waiting = only(database, Ticket)
    assert (waiting.status, waiting.waiting_since) == ("open", before.waiting_since)
    assert (waiting.first_response_at, waiting.messages_count, waiting.assignee_id) == (None, 1, None)
    assert (message.sent_at, only(database, Delivery).scheduled) == (LATER, True)
    clock.now = LATER - timedelta(seconds=1)
    assert asyncio.run(courier.drain()) == 0
    clock.now = LATER + timedelta(minutes=3)
    assert asyncio.run(courier.drain()) == 1
    answered = only(database, Ticket)
    assert (answered.status, answered.waiting_since, answered.messages_count) == ("closed", None, 2)
    assert answered.first_response_at == out(database).sent_at == clock.now
    assert answered.assignee_id == message.agent_id
    names = [event.name for event in rows(database, Event)]
    assert names.index("scheduled") < names.index("answered") < names.index("closed")


def test_a_customer_who_writes_first_cancels_it(
    database: Database, agent: Agent, post: Post, deliver: Deliver, courier: Courier, clock: StandingClock
) -> None:
    post("明日の朝に", cc=["c@example.jp"])
    deliver("解決しました", in_reply_to="<first@example.jp>", message_id="<second@example.jp>", date="")
    assert (out(database).state, only(database, Delivery).state) == ("taken_back", "cancelled")
    draft, note = only(database, Draft), only(database, Notification)
    assert (draft.agent_id, draft.content["text"], draft.content["cc"]) == (
        agent.pk,
        "明日の朝に",
        ["c@example.jp"],
    )
    assert (note.agent_id, note.name) == (agent.pk, "schedule_cancelled")
    (event,) = [one for one in rows(database, Event) if one.name == "schedule_cancelled"]
    assert event.data["reason"] == "customer_wrote"
    assert only(database, Ticket).messages_count == 2
    clock.now = LATER + timedelta(hours=1)
    assert asyncio.run(courier.drain()) == 0


def test_an_automatic_answer_cancels_nothing(database: Database, post: Post, deliver: Deliver) -> None:
    post()
    deliver(
        "不在です",
        auto_submitted="auto-replied",
        in_reply_to="<first@example.jp>",
        message_id="<away@example.jp>",
        date="",
    )
    assert only(database, Delivery).state == "queued"


def test_a_worker_that_died_with_it_in_hand_does_not_send_it_after_all(
    database: Database, post: Post, deliver: Deliver, courier: Courier, clock: StandingClock
) -> None:
    post()
    clock.now = LATER
    with database.write() as unit:
        (claimed,) = courier._claim(unit)  # and the worker is gone
    deliver("解決しました", in_reply_to="<first@example.jp>", message_id="<second@example.jp>", date="")
    assert only(database, Delivery).state == "cancelled"
    assert courier._prepare(claimed) is None  # or it was only slow
    clock.advance(hours=2)
    assert asyncio.run(courier.drain()) == 0
    assert len(rows(database, Draft)) == 1


def test_what_was_handed_over_when_the_worker_died_leaves_once(
    database: Database, post: Post, deliver: Deliver, courier: Courier, clock: StandingClock
) -> None:
    post()
    clock.now = LATER
    with database.write() as unit:
        (claimed,) = courier._claim(unit)
    assert courier._prepare(claimed) is not None
    deliver("解決しました", in_reply_to="<first@example.jp>", message_id="<second@example.jp>", date="")
    assert rows(database, Draft) == []
    clock.advance(hours=2)
    assert asyncio.run(courier.drain()) == 1
    assert asyncio.run(courier.drain()) == 0
    assert out(database).state == "kept"


def test_a_ticket_closed_meanwhile_stays_closed(
    database: Database, agent: Agent, post: Post, courier: Courier, clock: StandingClock
) -> None:
    post()
    with database.write() as unit:
        close.close(unit, unit.session.exec(select(Ticket)).one(), by=agent)
    clock.now = LATER
    asyncio.run(courier.drain())
    assert only(database, Ticket).status == "closed"
    assert out(database).state == "kept"


def test_what_cannot_be_done_afterwards_does_not_stop_the_answer(
    database: Database, post: Post, courier: Courier, clock: StandingClock
) -> None:
    post(actions=[Action("assign", "somebody who left")])
    clock.now = LATER
    asyncio.run(courier.drain())
    assert out(database).state == "kept"
    assert "after_sending_failed" in [one.name for one in rows(database, Event)]


def test_it_can_leave_earlier_later_or_now(
    database: Database, agent: Agent, post: Post, courier: Courier, clock: StandingClock
) -> None:
    post()
    _change(
        database, agent, lambda unit, t, d: schedule.move(unit, t, d, LATER + timedelta(days=1), by=agent)
    )
    assert out(database).sent_at == only(database, Delivery).next_at == LATER + timedelta(days=1)
    _change(database, agent, lambda unit, t, d: schedule.send_now(unit, t, d, by=agent))
    assert asyncio.run(courier.drain()) == 1
    assert only(database, Ticket).status == "pending"
    with pytest.raises(Conflict):
        _change(database, agent, lambda unit, t, d: schedule.send_now(unit, t, d, by=agent))


def _change(database: Database, agent: Agent, act: Callable[[Unit, Ticket, Delivery], None]) -> None:
    with database.write() as unit:
        delivery = unit.session.exec(select(Delivery)).one()
        message = unit.session.get_one(Message, delivery.message_id)
        act(unit, unit.session.get_one(Ticket, message.ticket_id), delivery)


def test_times_are_the_agents_own() -> None:
    now = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    assert schedule.read_moment("2026-01-06T09:30", zone="Asia/Tokyo", now=now) == LATER
    assert schedule.read_moment("", zone="Asia/Tokyo", now=now) is None


@pytest.mark.parametrize("text", ["2026-01-05T11:59", "2030-01-01T00:00", "tomorrow", "2026-13-01T00:00"])
def test_a_time_that_is_past_far_or_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        schedule.read_moment(text, zone="Asia/Tokyo", now=datetime(2026, 1, 5, 3, 0, tzinfo=UTC))
    assert refused.value.field == "at"

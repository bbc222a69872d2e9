"""Two tickets apart again: each gets what is its own, whatever happened in between."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, Brand, Event, Merge, Message, Ticket, TicketTag
from helpdesk.store.db import Database
from helpdesk.tickets import snooze as sleeping
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.desk import add_message, add_ticket
from tests.helpdesk.tickets.merging import FIRST, SECOND, join, now, part, state_of


def test_undoing_sends_back_what_answered_the_source_and_nothing_else(
    database: Database, deliver: Deliver, pair: tuple[Ticket, Ticket]
) -> None:
    target, source = pair
    row = join(database, source, target)
    deliver("源への返事", message_id="<a@example.jp>", in_reply_to=SECOND, date="")
    deliver("その続き", message_id="<b@example.jp>", in_reply_to="<a@example.jp>", date="")
    deliver("先への返事", message_id="<c@example.jp>", in_reply_to=FIRST, date="")
    part(database, row)
    with database.read() as unit:
        homes = {one.external_id: one.ticket_id for one in unit.session.exec(select(Message))}
    assert homes["a@example.jp"] == homes["b@example.jp"] == source.pk
    assert homes["c@example.jp"] == target.pk
    one, other = now(database, source), now(database, target)
    assert (one.messages_count, other.messages_count) == (3, 2)
    assert (one.status, one.merged_into_id) == ("open", None)


def test_what_an_agent_changed_meanwhile_stays_changed(
    database: Database, agent: Agent, pair: tuple[Ticket, Ticket]
) -> None:
    target, source = pair
    row = join(database, source, target)
    with database.write() as unit:
        ticket = unit.session.get_one(Ticket, target.pk)
        ticket.assignee_id = agent.pk
        sleeping.until(unit, ticket, unit.now + timedelta(hours=2), by=agent)
    part(database, row)
    kept = now(database, target)
    assert kept.assignee_id == agent.pk
    assert kept.snoozed_until is not None
    assert now(database, source).assignee_id is None


def test_an_answer_still_to_leave_answers_nobody_when_a_merge_is_undone(
    database: Database, pair: tuple[Ticket, Ticket]
) -> None:
    target, source = pair
    before = now(database, source)
    row = join(database, source, target)
    with database.read() as unit:
        at = unit.now + timedelta(hours=9)
    add_message(
        database,
        target,
        "明日の返事",
        direction="out",
        state="queued",
        sent_at=at,
        in_reply_to=SECOND.strip("<>"),
    )
    part(database, row)
    after = now(database, source)
    assert (after.status, after.waiting_since) == (before.status, before.waiting_since)
    assert after.messages_count == before.messages_count


def test_an_undo_says_why_it_is_refused(database: Database, brand: Brand) -> None:
    first, second, third = (add_ticket(database, brand) for _ in range(3))
    row = join(database, first, second)
    later = join(database, second, third)
    with pytest.raises(Conflict, match=f"#{second.number} was itself merged into #{third.number}"):
        part(database, row)
    part(database, later)
    part(database, row)
    with pytest.raises(Conflict, match="already"):
        part(database, row)


steps = st.lists(
    st.tuples(st.sampled_from(["merge", "merge", "undo", "mail"]), st.integers(0, 99), st.integers(0, 99)),
    max_size=10,
)
_names = count(1)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(steps=steps)
def test_every_message_is_in_one_ticket_and_undoing_all_gives_the_start(
    database: Database, brand: Brand, deliver: Deliver, steps: list[tuple[str, int, int]]
) -> None:
    with database.write() as unit:  # a fresh desk for each example
        for table in (Merge, Message, TicketTag, Event):
            for row in unit.session.exec(select(table)):
                unit.session.delete(row)
            unit.session.flush()
        for ticket in unit.session.exec(select(Ticket)):
            ticket.merged_into_id = None
        unit.session.flush()
        for ticket in unit.session.exec(select(Ticket)):
            unit.session.delete(ticket)
    run = next(_names)
    tickets = [add_ticket(database, brand, waited=10 + n, messages_count=1) for n in range(6)]
    rooted = {}
    for n, ticket in enumerate(tickets):
        add_message(database, ticket, f"始まり {n}", external_id=f"{run}.root.{n}@x.example")
        rooted[f"{run}.root.{n}@x.example"] = ticket.pk
    start, merges, mailed = state_of(database), [], False
    for step, one, other in steps:
        source, target = tickets[one % 6], tickets[other % 6]
        if step == "merge":
            try:
                merges.append(join(database, source, target))
            except Invalid:
                continue
        elif step == "undo" and merges:
            part(database, merges.pop())
        elif step == "mail":
            answered = sorted(rooted)[one % len(rooted)]
            name = f"{run}.mail.{next(_names)}@x.example"
            deliver("続きです", message_id=f"<{name}>", in_reply_to=f"<{answered}>")
            rooted[name], mailed = rooted[answered], True
        in_one_place(database, tickets, len(rooted))
    while merges:
        part(database, merges.pop())
    in_one_place(database, tickets, len(rooted))
    with database.read() as unit:
        homes = {one.external_id: one.ticket_id for one in unit.session.exec(select(Message))}
        counts = {one.pk: one.messages_count for one in unit.session.exec(select(Ticket))}
    assert homes == rooted
    assert counts == {one.pk: list(rooted.values()).count(one.pk) for one in tickets}
    assert mailed or state_of(database) == start


def in_one_place(database: Database, tickets: list[Ticket], messages: int) -> None:
    with database.read() as unit:
        found = unit.session.exec(
            select(Message.id, Ticket.status).join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        ).all()
    assert len(found) == messages
    assert all(status != "merged" for _, status in found)

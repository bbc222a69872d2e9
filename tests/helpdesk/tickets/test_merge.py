"""Two tickets in one and apart again, whatever happens in between."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from helpdesk.errors import Conflict, Invalid
from helpdesk.models import (
    Agent,
    Brand,
    Draft,
    Event,
    Follower,
    Merge,
    Message,
    StagedFile,
    Ticket,
    TicketTag,
)
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.tickets import combine, merge, tag
from helpdesk.tickets import snooze as sleeping
from helpdesk.tickets.home import find_home
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.desk import add_message, add_ticket, put_tag
from tests.helpdesk.stories import rows

FIRST, SECOND = "<first@example.jp>", "<second@example.jp>"


def state_of(database: Database, *, quiet: bool = False) -> dict[int, tuple[Any, ...]]:
    """Everything about each ticket that a merge may touch; `quiet` leaves out what new mail changes."""
    with database.read() as unit:
        found: dict[int, tuple[Any, ...]] = {}
        for ticket in unit.session.exec(select(Ticket)):
            messages = select(Message.id).where(Message.ticket_id == ticket.pk).order_by(col(Message.id))
            tags = select(TicketTag.tag_id).where(TicketTag.ticket_id == ticket.pk)
            followers = select(Follower.agent_id).where(Follower.ticket_id == ticket.pk)
            shown = combine.picture(ticket)
            found[ticket.pk] = (
                {name: shown[name] for name in ("assignee_id", "merged_into_id")} if quiet else shown,
                tuple(unit.session.exec(messages)),
                frozenset() if quiet else frozenset(unit.session.exec(tags)),
                frozenset(unit.session.exec(followers)),
            )
    return found


def join(database: Database, source: Ticket, target: Ticket, by: Agent | None = None) -> Merge:
    with database.write() as unit:
        get = unit.session.get_one
        return merge.merge(unit, get(Ticket, source.pk), get(Ticket, target.pk), by=by)


def part(database: Database, row: Merge) -> None:
    with database.write() as unit:
        merge.undo(unit, unit.session.get_one(Merge, row.pk), by=None)


def now(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


@pytest.fixture
def pair(database: Database, deliver: Deliver, clock: StandingClock) -> tuple[Ticket, Ticket]:
    """An older and a newer open ticket of one customer."""
    deliver("荷物が届きません", message_id=FIRST)
    clock.advance(hours=1)
    deliver("返金してください", message_id=SECOND, subject="返金", date="")
    older, newer = rows(database, Ticket)
    return older, newer


def test_everything_moves_and_comes_back(
    database: Database, brand: Brand, agent: Agent, pair: tuple[Ticket, Ticket]
) -> None:
    target, source = pair
    put_tag(database, source, "vip_case")
    with database.write() as unit:
        unit.session.add(Follower(ticket_id=source.pk, agent_id=agent.pk, created_at=unit.now))
        times: dict[str, Any] = {"agent_id": agent.pk, "ticket_id": source.pk, "mode": "reply"}
        unit.session.add(Draft(**times, content={"text": "下書き"}, updated_at=unit.now))
        file = StagedFile(**times, brand_id=brand.pk, sha256="0" * 64, created_at=unit.now)
        unit.session.add(file)
    before = state_of(database)
    row = join(database, source, target, agent)
    merged, home = now(database, source), now(database, target)
    assert (merged.status, merged.merged_into_id, merged.messages_count) == ("merged", home.pk, 0)
    assert (home.messages_count, home.waiting_since) == (2, target.waiting_since)
    assert home.urgency == max(source.urgency, target.urgency)
    with database.read() as unit:
        assert {one.ticket_id for one in unit.session.exec(select(Message))} == {home.pk}
        assert unit.session.exec(select(Draft.ticket_id)).one() == home.pk
        assert unit.session.exec(select(StagedFile.ticket_id)).one() == home.pk
        assert unit.session.get(Follower, (home.pk, agent.pk)) is not None
        assert "vip_case" in {one.name for one in tag.list_tags(unit, [home.pk])[home.pk]}
        assert search.find(unit, "返金", brand_ids=[brand.pk]) == [home.pk]
    part(database, row)
    assert state_of(database) == before
    with database.read() as unit:
        assert unit.session.exec(select(Draft.ticket_id)).one() == source.pk
        names = [one.name for one in unit.session.exec(select(Event).where(Event.ticket_id == source.pk))]
        assert names[-2:] == ["merged_away", "merge_undone"]


@pytest.mark.parametrize("source_status", ["open", "pending", "closed"])
@pytest.mark.parametrize("target_status", ["open", "pending", "closed"])
def test_the_more_pressing_status_wins(
    database: Database, brand: Brand, source_status: str, target_status: str
) -> None:
    order = ("open", "pending", "closed")
    waiting = {"open": 60.0}
    target = add_ticket(database, brand, status=target_status, waited=waiting.get(target_status, 5))
    source = add_ticket(database, brand, status=source_status)
    row = join(database, source, target)
    assert now(database, target).status == min(source_status, target_status, key=order.index)
    part(database, row)
    assert (now(database, target).status, now(database, source).status) == (target_status, source_status)


def test_mail_to_the_old_ticket_lands_in_the_new_one_through_chains(
    database: Database, deliver: Deliver, pair: tuple[Ticket, Ticket], clock: StandingClock
) -> None:
    target, source = pair
    deliver("三通目", message_id="<third@example.jp>", subject="三つ目", date="")
    third = rows(database, Ticket)[2]
    join(database, source, target)
    join(database, target, third)
    deliver("返事です", message_id="<answer@example.jp>", in_reply_to=SECOND, date="")
    deliver("番号で", message_id="<number@example.jp>", subject=f"Re: [#{target.number}]", date="")
    with database.read() as unit:
        homes = {one.external_id: one.ticket_id for one in unit.session.exec(select(Message))}
        assert homes["answer@example.jp"] == homes["number@example.jp"] == third.pk
        assert find_home(unit, unit.session.get_one(Ticket, source.pk)).pk == third.pk


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


def test_senseless_merges_are_refused(database: Database, brand: Brand, other_brand: Brand) -> None:
    ticket, spam = add_ticket(database, brand), add_ticket(database, brand, status="spam")
    foreign, gone = add_ticket(database, other_brand), add_ticket(database, brand)
    join(database, gone, add_ticket(database, brand))
    for source in (ticket, spam, foreign, gone):
        with pytest.raises(Invalid):
            join(database, source, ticket)
    with pytest.raises(Invalid):
        join(database, ticket, gone)


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


def test_two_merges_at_once_lose_no_ticket(database: Database, brand: Brand) -> None:
    """Each into the other: one of them is refused, because its ticket is gone by then."""
    one, other = add_ticket(database, brand), add_ticket(database, brand)
    add_message(database, one, "一")
    add_message(database, other, "二")
    refused: list[Exception] = []
    ready = threading.Barrier(2)

    def run(source: Ticket, target: Ticket) -> None:
        try:
            ready.wait(10)
            join(database, source, target)
        except Invalid as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    statuses = sorted(now(database, ticket).status for ticket in (one, other))
    assert statuses == ["merged", "open"]
    with database.read() as unit:
        homes = {message.ticket_id for message in unit.session.exec(select(Message))}
    assert homes == {next(t.pk for t in (one, other) if now(database, t).status == "open")}


def test_two_drafts_of_one_agent_become_one_and_files_come_along(
    database: Database, brand: Brand, agent: Agent, pair: tuple[Ticket, Ticket]
) -> None:
    target, source = pair
    with database.write() as unit:
        for ticket, text in ((target, "こちらの下書き"), (source, "あちらの下書き")):
            given: dict[str, Any] = {"agent_id": agent.pk, "ticket_id": ticket.pk, "mode": "reply"}
            unit.session.add(Draft(**given, content={"text": text}, updated_at=unit.now))
        file: dict[str, Any] = {"brand_id": brand.pk, "sha256": "0" * 64, "created_at": unit.now}
        unit.session.add(StagedFile(**file, agent_id=agent.pk, ticket_id=source.pk, mode="note"))
    row = join(database, source, target)
    with database.read() as unit:
        draft = unit.session.exec(select(Draft)).one()
        assert (draft.ticket_id, draft.revision) == (target.pk, 2)
        assert draft.content["text"] == "こちらの下書き\n\nあちらの下書き"
        assert unit.session.exec(select(StagedFile.ticket_id)).one() == target.pk
    part(database, row)
    with database.read() as unit:
        assert "あちらの下書き" in unit.session.exec(select(Draft)).one().content["text"]


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

"""Two tickets in one: everything moves, mail to the old one follows, and what makes no sense is refused."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Brand, Draft, Event, Follower, Message, StagedFile, Ticket
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from helpdesk.tickets.home import find_home
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.desk import add_message, add_ticket, put_tag
from tests.helpdesk.stories import rows
from tests.helpdesk.tickets.merging import SECOND, join, now, part, state_of


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


def test_senseless_merges_are_refused(database: Database, brand: Brand, other_brand: Brand) -> None:
    ticket, spam = add_ticket(database, brand), add_ticket(database, brand, status="spam")
    foreign, gone = add_ticket(database, other_brand), add_ticket(database, brand)
    join(database, gone, add_ticket(database, brand))
    for source in (ticket, spam, foreign, gone):
        with pytest.raises(Invalid):
            join(database, source, ticket)
    with pytest.raises(Invalid):
        join(database, ticket, gone)


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

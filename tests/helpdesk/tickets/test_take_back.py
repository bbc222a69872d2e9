"""Second thoughts: an answer that has not left is taken back, and the ticket is as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.delivery.worker import Courier
from helpdesk.errors import Invalid
from helpdesk.models import (
    Agent,
    Attachment,
    Brand,
    Customer,
    Delivery,
    Draft,
    Event,
    MacroUse,
    PointsEntry,
    StagedFile,
    Ticket,
    TicketTag,
)
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import merge, staged, tag
from helpdesk.tickets.take_back import take_back
from helpdesk.tickets.upload import Upload
from macros.macro import Action
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import only, rows
from tests.helpdesk.tickets.taking_back import Post, out, take

FIELDS = ("status", "waiting_since", "first_response_at", "snoozed_until", "assignee_id", "messages_count")


def facts(ticket: Ticket) -> dict[str, Any]:
    return {name: getattr(ticket, name) for name in FIELDS}


def test_the_ticket_is_as_it_was_and_the_text_a_draft_again(
    database: Database, ticket: Ticket, agent: Agent, post: Post, courier: Courier, clock: StandingClock
) -> None:
    before = facts(only(database, Ticket))
    post("明日\n届きます。", subject="件名", cc=["c@example.jp"], bcc=["b@example.jp"], close=True)
    assert only(database, Ticket).status == "closed"
    take(database, agent)
    assert facts(only(database, Ticket)) == before
    draft = only(database, Draft)
    assert (draft.agent_id, draft.mode, draft.content["text"]) == (agent.pk, "reply", "明日\n届きます。")
    assert (draft.content["subject"], draft.content["cc"]) == ("件名", ["c@example.jp"])
    assert draft.content["to"] == ["山田 花子 <hanako@example.jp>"]
    assert draft.content["bcc"] == ["b@example.jp"]
    assert (out(database).state, only(database, Delivery).state) == ("taken_back", "cancelled")
    clock.advance(minutes=5)
    assert asyncio.run(courier.drain()) == 0
    assert "taken_back" in [event.name for event in rows(database, Event)]


def test_what_a_macro_brought_goes_with_it(
    database: Database, ticket: Ticket, agent: Agent, post: Post
) -> None:
    with database.write() as unit:
        tag.add(unit, unit.session.get_one(Ticket, ticket.pk), "refund", by=None, source="auto", score=0.9)
    before = {(one.tag_id, one.source, one.score) for one in rows(database, TicketTag)}
    actions = [
        Action("add_tag", "apology"),
        Action("remove_tag", "refund"),
        Action("assign", "nobody"),
        Action("grant_points", 500, "late_delivery"),
    ]
    post(macro=("apology", "v1"), actions=actions, token="t")
    assert {one.tag_id for one in rows(database, TicketTag)} != {one[0] for one in before}
    take(database, agent)
    assert {(one.tag_id, one.source, one.score) for one in rows(database, TicketTag)} == before
    assert (rows(database, MacroUse), rows(database, PointsEntry)) == ([], [])
    assert only(database, Customer).points == 0
    assert only(database, Draft).content["macro"] == {
        "key": "apology",
        "version": "v1",
        "actions": [
            "add_tag:apology",
            "remove_tag:refund",
            "assign:nobody",
            "grant_points:500:late_delivery",
        ],
    }


def test_files_and_pictures_come_back_under_their_keys(
    database: Database, ticket: Ticket, agent: Agent, post: Post, files: Files
) -> None:
    with database.write() as unit:
        ours = unit.session.get_one(Ticket, ticket.pk)
        common: dict[str, Any] = {
            "agent_id": agent.pk,
            "mode": "reply",
            "size": 3,
            "sha256": files.put(b"abc"),
        }
        pdf = staged.add(unit, ours, name="a.pdf", content_type="application/pdf", **common)
        png = staged.add(unit, ours, name="p.png", content_type="image/png", inline=True, **common)
    html = f'<p><b>see</b> <img src="/staged/{png.key}"></p>'
    message = post("", html=html, staged=[pdf.key, png.key], uploads=[Upload("b.txt", "text/plain", b"b")])
    assert f"cid:{png.content_id}" in (message.html or "")
    assert [one.inline for one in rows(database, Attachment)] == [False, True, False]
    take(database, agent)
    assert rows(database, Attachment) == []
    back = {one.name: (one.key, one.inline, one.content_id) for one in rows(database, StagedFile)}
    assert back["a.pdf"] == (pdf.key, False, None)
    assert back["p.png"] == (png.key, True, png.content_id)
    assert "b.txt" in back
    assert only(database, Draft).content["html"] == html
    again = post("", html=html, staged=[pdf.key, png.key], token="again")
    assert f"cid:{png.content_id}" in (again.html or "")


def test_a_text_begun_meanwhile_stays_below(
    database: Database, ticket: Ticket, agent: Agent, post: Post
) -> None:
    post("first words")
    with database.write() as unit:
        unit.session.add(
            Draft(
                agent_id=agent.pk,
                ticket_id=ticket.pk,
                content={"text": "second thoughts"},
                updated_at=unit.now,
            )
        )
    take(database, agent)
    assert only(database, Draft).content["text"] == "first words\n\nsecond thoughts"


def test_what_others_changed_meanwhile_stays(
    database: Database, agent: Agent, post: Post, deliver: Deliver, make_agent: Callable[..., Agent]
) -> None:
    waited = only(database, Ticket).waiting_since
    post()
    colleague = make_agent("Kenta Colleague")
    deliver("まだですか", in_reply_to="<first@example.jp>", message_id="<second@example.jp>", date="")
    with database.write() as unit:
        unit.session.exec(select(Ticket)).one().assignee_id = colleague.pk
    take(database, agent)
    now = only(database, Ticket)
    assert (now.status, now.waiting_since, now.assignee_id) == ("open", waited, colleague.pk)
    assert (now.messages_count, now.first_response_at) == (2, None)


def test_what_was_taken_back_is_not_found(database: Database, agent: Agent, post: Post) -> None:
    post("ここだけの言葉")
    assert _found(database) == 1
    take(database, agent)
    assert _found(database) == 0


def _found(database: Database) -> int:
    with database.read() as unit:
        brand_ids = [unit.session.exec(select(Ticket)).one().brand_id]
        return len(search.find(unit, "ここだけの言葉", brand_ids=brand_ids))


def test_the_same_form_after_it_was_taken_back_asks_again(
    database: Database, agent: Agent, post: Post
) -> None:
    post(token="t")
    take(database, agent)
    with pytest.raises(Invalid) as refused:
        post(token="t")
    assert refused.value.field == "token"
    assert len(rows(database, Delivery)) == 1


def test_a_colleague_gives_it_back_to_its_writer(
    database: Database, agent: Agent, post: Post, make_agent: Callable[..., Agent]
) -> None:
    post("言葉")
    take(database, make_agent("Kenta Colleague"))
    assert only(database, Draft).agent_id == agent.pk


def test_an_answer_taken_back_after_a_merge_leaves_its_customer_waiting(
    database: Database, ticket: Ticket, agent: Agent, brand: Brand, post: Post
) -> None:
    asked = only(database, Ticket).waiting_since
    post()
    target = add_ticket(
        database, brand, name="別の人", status="pending", waiting_since=None, messages_count=2
    )
    with database.write() as unit:
        get = unit.session.get_one
        merge.merge(unit, get(Ticket, ticket.pk), get(Ticket, target.pk), by=None)
    with database.write() as unit:
        delivery = unit.session.exec(select(Delivery)).one()
        by, home = unit.session.get_one(Agent, agent.pk), unit.session.get_one(Ticket, target.pk)
        take_back(unit, home, delivery, by=by)
        assert (home.status, home.waiting_since, home.messages_count) == ("open", asked, 3)

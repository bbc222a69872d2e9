"""Many tickets at once take the same rights as one, and leave alone what an agent has not finished."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.access import Access
from helpdesk.automation import bulk
from helpdesk.automation.bulk import Bulk
from helpdesk.errors import Forbidden, NotFound
from helpdesk.inbox import notifications
from helpdesk.models import (
    Agent,
    Brand,
    BulkJob,
    ChannelAccount,
    Correction,
    Draft,
    Message,
    Notification,
    Ticket,
)
from helpdesk.people import accounts, sign_in
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import draft
from macros.catalog import Catalog
from tests.helpdesk.desk import add_message, add_ticket

CATALOG = Catalog.load_builtin()
THANKS = "thank_you"


def plan(database: Database, access: Access, action: str, tickets: list[Ticket], **params: Any) -> BulkJob:
    with database.write() as unit:
        ids = [ticket.pk for ticket in tickets]
        return bulk.plan(unit, access, action=action, params=params, ticket_ids=ids, catalog=CATALOG)


def finish(database: Database, files: Files) -> None:
    worker = Bulk(database, files, CATALOG)
    while worker.drain():
        pass


@pytest.mark.parametrize(
    ("action", "params", "right"),
    [
        ("spam", {}, "spam"),
        ("merge", {}, "merge"),
        ("macro", {"macro": THANKS}, "reply"),
        ("assign", {"agent": 99}, "assign"),
        ("assign", {"agent": None}, "assign"),
    ],
)
def test_what_one_may_not_do_to_one_ticket_one_may_not_do_to_many(
    database: Database, brand: Brand, access: Access, action: str, params: dict[str, Any], right: str
) -> None:
    tickets = [add_ticket(database, brand) for _ in range(2)]
    few = Access(access.agent_id, "custom", access.brand_ids, frozenset({"bulk"}))
    with pytest.raises(Forbidden):
        plan(database, few, action, tickets, **params)
    more = Access(access.agent_id, "custom", access.brand_ids, frozenset({"bulk", right}))
    assert plan(database, more, action, tickets, **params).action == action


def test_taking_tickets_oneself_takes_no_right(database: Database, brand: Brand, access: Access) -> None:
    few = Access(access.agent_id, "custom", access.brand_ids, frozenset({"bulk"}))
    assert plan(database, few, "assign", [add_ticket(database, brand)], agent=access.agent_id).pk


def test_a_lead_of_another_brand_does_not_see_the_job(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    job = plan(database, access, "close", [add_ticket(database, brand)])
    with database.read() as unit:
        assert bulk.get(unit, Access(99, "lead", (brand.pk, other_brand.pk)), job.key).pk == job.pk
        with pytest.raises(NotFound):
            bulk.get(unit, Access(99, "lead", (other_brand.pk,)), job.key)


def test_who_lost_the_brand_meanwhile_changes_nothing_more(
    database: Database, brand: Brand, agent: Agent, access: Access, files: Files
) -> None:
    ticket = add_ticket(database, brand)
    job = plan(database, access, "close", [ticket])
    with database.write() as unit:
        accounts.set_brands(unit, unit.session.get_one(Agent, agent.pk), [])
    finish(database, files)
    with database.read() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).status == "open"
        assert len(unit.session.get_one(BulkJob, job.pk).failures) == 1


def test_a_colleague_hears_once_of_many_tickets(
    database: Database,
    brand: Brand,
    access: Access,
    lead: Agent,
    files: Files,
    make_agent: Callable[..., Agent],
) -> None:
    tickets = [add_ticket(database, brand) for _ in range(30)]
    plan(database, access, "assign", tickets, agent=lead.pk)
    finish(database, files)
    with database.read() as unit:
        assert unit.session.exec(select(Notification.agent_id)).all() == [lead.pk]
        (line,) = notifications.page(unit, sign_in.access_of(unit, lead)).lines
    assert line.text == "Misaki Takahashi assigned 30 tickets to you"


def test_a_macro_sent_to_many_leaves_what_the_agent_was_writing(
    database: Database, brand: Brand, account: ChannelAccount, agent: Agent, access: Access, files: Files
) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "荷物は？")
    with database.write() as unit:
        content = draft.read_content({"text": "まだ途中の長い返事"})
        draft.put(unit, ticket, agent_id=agent.pk, mode="reply", content=content, revision=1)
    job = plan(database, access, "macro", [ticket], macro=THANKS)
    finish(database, files)
    with database.read() as unit:
        assert unit.session.get_one(BulkJob, job.pk).failures == []
        assert unit.session.exec(select(Message).where(Message.direction == "out")).one()
        assert unit.session.exec(select(Draft)).one().content["text"] == "まだ途中の長い返事"


def test_the_classifier_learns_from_tags_put_on_many(
    database: Database, brand: Brand, access: Access, files: Files
) -> None:
    plan(database, access, "add_tag", [add_ticket(database, brand) for _ in range(2)], tag="recall")
    finish(database, files)
    with database.read() as unit:
        assert [one.value for one in unit.session.exec(select(Correction))] == ["recall", "recall"]

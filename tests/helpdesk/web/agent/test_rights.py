"""What a role does not allow is neither offered nor done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.access import RIGHTS
from helpdesk.models import Agent, Brand, ChannelAccount, Event, Message, Ticket
from helpdesk.people import roles
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket

As = Callable[..., TestClient]
HTMX = {"HX-Request": "true"}
CONTROLS = {
    "reply": ('id="tab-reply"', "data-send-close", "only=fitting"),
    "merge": ("/merge", "/split"),
    "spam": ("/spam", "/block"),
    "bulk": ('id="bulk"',),
    "reports": ('href="/reports"',),
}


@pytest.fixture
def as_one(database: Database, make_agent: Callable[..., Agent], browser: Callable[..., TestClient]) -> As:
    """as_one("reply", "merge") is the browser of somebody who may do that alone."""

    def open_browser(*rights: str) -> TestClient:
        with database.write() as unit:
            role = roles.create(unit, name=f"Role {' '.join(rights)[:40]}", rights=rights)
        return browser(make_agent("Custom", role=role.key))

    return open_browser


@pytest.fixture
def ticket(database: Database, brand: Brand) -> Ticket:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "荷物は？")
    return ticket


@pytest.mark.parametrize("right", CONTROLS)
def test_a_control_is_there_with_the_right(ticket: Ticket, as_one: As, right: str) -> None:
    address = f"/tickets/{ticket.key}"
    page = as_one(right).get(address).text
    assert all(f"{address}{mark}" in page if mark[0] == "/" else mark in page for mark in CONTROLS[right])


@pytest.mark.parametrize("right", CONTROLS)
def test_a_control_is_not_there_without_the_right(ticket: Ticket, as_one: As, right: str) -> None:
    address = f"/tickets/{ticket.key}"
    page = as_one(*(one for one in RIGHTS if one != right)).get(address).text
    for mark in CONTROLS[right]:
        assert (f'{address}{mark}"' if mark[0] == "/" else mark) not in page
    assert 'id="note-form"' in page


def test_points_are_offered_to_those_who_may_give_them(ticket: Ticket, as_one: As) -> None:
    panel = f"/tickets/{ticket.key}/panel"
    assert "grant-form" not in as_one("reply").get(panel, headers=HTMX).text


def test_deciding_for_others_takes_the_right_and_deciding_for_oneself_does_not(
    database: Database, ticket: Ticket, as_one: As, agent: Agent
) -> None:
    client, address = as_one("reply"), f"/tickets/{ticket.key}/assign"
    assert agent.key not in client.get(address, headers=HTMX).text
    assert client.post(address, data={"agent": agent.key}).status_code == 403
    assert client.post(address, data={"agent": "me"}).status_code == 303
    assert client.post(address, data={"team": ""}).status_code == 403
    assert client.post(address, data={"agent": ""}).status_code == 303
    with database.write() as unit:
        unit.session.get_one(Ticket, ticket.pk).assignee_id = agent.pk
    assert client.post(address, data={"agent": ""}).status_code == 403


@pytest.mark.parametrize("action", ["grant_points:500:late_delivery", "assign:nobody"])
def test_a_macro_does_nothing_that_its_sender_may_not(
    database: Database, account: ChannelAccount, ticket: Ticket, as_one: As, action: str
) -> None:
    client = as_one("reply")
    form = {"body": "お詫びします", "token": "t", "action": action}
    answer = client.post(f"/tickets/{ticket.key}/reply", data=form)
    assert answer.status_code == 422
    assert "お詫びします" in answer.text
    with database.read() as unit:
        assert unit.session.exec(select(Message).where(Message.direction == "out")).all() == []
    assert client.post(f"/tickets/{ticket.key}/reply", data=form | {"action": "assign:me"}).status_code == 303


def test_only_its_doer_undoes_a_change(
    database: Database, ticket: Ticket, client: TestClient, lead_client: TestClient
) -> None:
    client.post(f"/tickets/{ticket.key}/close")
    with database.read() as unit:
        event = unit.session.exec(select(Event).where(Event.name == "closed")).one()
    assert lead_client.post(f"/tickets/{ticket.key}/undo/{event.pk}").status_code == 404
    assert client.post(f"/tickets/{ticket.key}/undo/{event.pk}").status_code == 303

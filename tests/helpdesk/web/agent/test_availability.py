"""The switch in the rail, the limit in the settings, and passing a conversation on, as pages."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.chat.accounts import create_widget
from helpdesk.models import (
    Agent,
    AuditEntry,
    Brand,
    ChannelAccount,
    Direction,
    Message,
    Team,
    TeamAgent,
    Ticket,
)
from helpdesk.people import availability, roles, teams
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.desk import add_ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    with database.write() as unit:
        return create_widget(unit, brand, seal)


@pytest.fixture
def chat(database: Database, brand: Brand, widget: ChannelAccount) -> Ticket:
    return add_ticket(database, brand, channel="chat", account_id=widget.pk)


def comes(database: Database, *agents: Agent) -> None:
    with database.write() as unit:
        availability.heard(unit, {one.pk for one in agents})


def row(database: Database, agent: Agent) -> Agent:
    with database.read() as unit:
        return unit.session.get_one(Agent, agent.pk)


def holder(database: Database, chat: Ticket) -> int | None:
    with database.read() as unit:
        return unit.session.get_one(Ticket, chat.pk).assignee_id


def test_the_switch_stands_where_there_is_a_chat_for_those_who_may_answer(
    client: TestClient,
    browser: Callable[..., TestClient],
    make_agent: Callable[..., Agent],
    database: Database,
    request: pytest.FixtureRequest,
) -> None:
    assert 'id="availability"' not in client.get("/customers").text
    request.getfixturevalue("widget")
    assert 'role="switch" aria-checked="true"' in client.get("/customers").text
    with database.write() as unit:
        reader = roles.create(unit, name="Reader", rights=["reports"])
    looking = browser(make_agent("Ren Reader", role=reader.key))
    assert 'id="availability"' not in looking.get("/customers").text
    assert looking.post("/availability", data={"state": "away"}).status_code == 403


def test_turning_away_keeps_new_chats_off_and_coming_back_brings_them(
    client: TestClient, agent: Agent, chat: Ticket, database: Database
) -> None:
    comes(database, agent)
    turned = client.post("/availability", data={"state": "away"}, headers=HTMX)
    assert 'aria-checked="false"' in turned.text
    assert "You are away" in json.loads(turned.headers["HX-Trigger"])["notice"]["text"]
    assert (row(database, agent).availability, holder(database, chat)) == ("away", None)
    assert 'aria-checked="false"' in client.get("/availability").text
    client.post("/availability", data={"state": "available"}, headers=HTMX)
    assert holder(database, chat) == agent.pk


@pytest.mark.parametrize(
    ("back", "to"),
    [("/customers", "/customers"), ("//evil.example", "/"), ("https://evil.example", "/"), ("", "/")],
)
def test_without_scripts_it_leads_back_to_a_page_of_ours(client: TestClient, back: str, to: str) -> None:
    answer = client.post("/availability", data={"state": "away", "back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, to)


def test_another_word_than_the_two_is_refused(client: TestClient, agent: Agent, database: Database) -> None:
    assert client.post("/availability", data={"state": "asleep"}).status_code == 422
    assert row(database, agent).availability == "available"


def test_how_many_chats_somebody_takes_stands_in_the_settings_and_in_the_log(
    admin_client: TestClient, agent: Agent, widget: ChannelAccount, brand: Brand, database: Database
) -> None:
    page = f"/settings/agents/{agent.key}"
    assert 'name="chat_capacity"' in admin_client.get(page).text
    given = {"name": agent.name, "role": "agent", "active": "1", "brands": str(brand.pk)}
    assert admin_client.post(page, data={**given, "chat_capacity": "5"}).status_code == 303
    assert row(database, agent).chat_capacity == 5
    for wrong in ("-1", "51", "many"):
        assert admin_client.post(page, data={**given, "chat_capacity": wrong}).status_code == 422
    assert admin_client.post(page, data=given).status_code == 303
    assert row(database, agent).chat_capacity == 5
    with database.read() as unit:
        logged = unit.session.scalars(select(AuditEntry).where(AuditEntry.name == "agent_changed")).first()
        assert logged is not None
        assert logged.data["after"].endswith("5 chats")


def test_the_dialog_passes_a_chat_on_and_the_note_stands_in_the_conversation(
    client: TestClient, agent: Agent, lead: Agent, chat: Ticket, database: Database
) -> None:
    comes(database, lead)
    dialog = client.get(f"/tickets/{chat.key}/transfer", headers=HTMX)
    assert dialog.status_code == 200
    assert "<html" not in dialog.text
    assert f'value="agent:{lead.key}"' in dialog.text
    passed = client.post(
        f"/tickets/{chat.key}/transfer",
        data={"to": f"agent:{lead.key}", "note": "Speaks of a refund"},
        headers=HTMX,
    )
    assert "Passed on to Lena Lead." in json.loads(passed.headers["HX-Trigger"])["notice"]["text"]
    assert holder(database, chat) == lead.pk
    undo = json.loads(passed.headers["HX-Trigger"])["notice"]["action"]["url"]
    shown = client.get(f"/tickets/{chat.key}").text
    assert "Speaks of a refund" in shown
    assert "Passed on to Lena Lead" in shown
    assert client.post(undo, headers=HTMX).status_code == 200
    assert holder(database, chat) is None


def test_beside_other_chats_it_answers_with_news_alone(
    client: TestClient, lead: Agent, chat: Ticket, database: Database
) -> None:
    page = f"/tickets/{chat.key}/transfer?in=chats"
    assert 'hx-swap="none"' in client.get(page, headers=HTMX).text
    passed = client.post(page, data={"to": f"agent:{lead.key}"}, headers=HTMX)
    assert passed.status_code == 204
    assert {"dialog-done", "chats-changed", f"ticket-{chat.key}"} <= set(
        json.loads(passed.headers["HX-Trigger"])
    )


def test_to_a_team_it_finds_a_member(
    client: TestClient, agent: Agent, lead: Agent, brand: Brand, chat: Ticket, database: Database
) -> None:
    with database.write() as unit:
        team: Team = teams.create(unit, brand.pk, name="Returns")
        unit.session.add(TeamAgent(team_id=team.pk, agent_id=lead.pk))
    comes(database, lead)
    answer = client.post(f"/tickets/{chat.key}/transfer", data={"to": f"team:{team.key}"})
    assert answer.status_code == 303
    assert holder(database, chat) == lead.pk


@pytest.mark.parametrize("to", ["", "agent:", "agent:nobody", "team:none", "nonsense"])
def test_a_wrong_choice_loses_nothing_that_was_written(
    to: str, client: TestClient, chat: Ticket, database: Database
) -> None:
    wrong = client.post(
        f"/tickets/{chat.key}/transfer", data={"to": to, "note": "A long story"}, headers=HTMX
    )
    assert (wrong.status_code, wrong.headers["HX-Retarget"]) == (422, "#transfer")
    assert "A long story" in wrong.text
    with database.read() as unit:
        assert not unit.session.scalars(select(Message).where(Message.direction == Direction.NOTE)).first()


def test_nobody_passes_on_what_they_may_not_see_or_to_somebody_who_may_not(
    client: TestClient,
    other_brand: Brand,
    chat: Ticket,
    make_agent: Callable[..., Agent],
    database: Database,
) -> None:
    foreign = add_ticket(database, other_brand, channel="chat")
    assert client.get(f"/tickets/{foreign.key}/transfer").status_code == 404
    stranger = make_agent("Sora Stranger", brand_ids=[other_brand.pk])
    answer = client.post(f"/tickets/{chat.key}/transfer", data={"to": f"agent:{stranger.key}"}, headers=HTMX)
    assert answer.status_code == 422
    assert holder(database, chat) is None

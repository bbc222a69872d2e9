"""Where closing leads, and the way back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Agent, Brand, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_order, add_ticket

HTMX = {"HX-Request": "true", "HX-Target": "head"}


def now(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


def notice(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.headers["hx-trigger"])["notice"]
    return found


@pytest.fixture
def three(database: Database, brand: Brand) -> list[Ticket]:
    """Most urgent first."""
    return [add_ticket(database, brand, urgency=points) for points in (90, 60, 30)]


def prefer(database: Database, agent: Agent, choice: str) -> None:
    with database.write() as unit:
        unit.session.get_one(Agent, agent.pk).preferences = {"after_close": choice}


@pytest.mark.parametrize("action", ["close", "spam"])
def test_the_next_row_of_the_list_opens(client: TestClient, three: list[Ticket], action: str) -> None:
    answer = client.post(f"/tickets/{three[0].key}/{action}?sort=urgency", headers=HTMX)
    place = json.loads(answer.headers["hx-location"])
    assert place["path"] == f"/tickets/{three[1].key}?sort=urgency"
    assert place["target"] == "#conversation"
    plain = client.post(f"/tickets/{three[2].key}/{action}")
    assert plain.headers["location"] == f"/tickets/{three[1].key}"


def test_after_the_last_row_the_first_one_opens_and_after_all_of_them_nothing(
    database: Database, client: TestClient, three: list[Ticket]
) -> None:
    last = client.post(f"/tickets/{three[2].key}/close", headers=HTMX)
    assert json.loads(last.headers["hx-location"])["path"] == f"/tickets/{three[0].key}"
    client.post(f"/tickets/{three[1].key}/close", headers=HTMX)
    alone = client.post(f"/tickets/{three[0].key}/close", headers=HTMX)
    assert 'id="head"' in alone.text


def test_other_orders_have_their_own_next_row(client: TestClient, three: list[Ticket]) -> None:
    answer = client.post(f"/tickets/{three[1].key}/close?sort=oldest", headers=HTMX)
    assert json.loads(answer.headers["hx-location"])["path"] == f"/tickets/{three[2].key}?sort=oldest"


def test_an_agent_may_prefer_the_list_or_to_stay(
    database: Database, client: TestClient, agent: Agent, three: list[Ticket]
) -> None:
    prefer(database, agent, "list")
    answer = client.post(f"/tickets/{three[0].key}/close?view=mine", headers=HTMX)
    assert answer.headers["hx-redirect"] == "/?view=mine"
    assert client.post(f"/tickets/{three[1].key}/close").headers["location"] == "/"
    prefer(database, agent, "stay")
    assert 'id="head"' in client.post(f"/tickets/{three[2].key}/close", headers=HTMX).text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("close", {}),
        ("spam", {}),
        ("snooze", {"until": "tomorrow"}),
        ("snooze", {"until": "reply"}),
        ("assign", {"agent": "me"}),
    ],
)
def test_a_change_is_taken_back_to_what_it_was(
    database: Database, brand: Brand, client: TestClient, path: str, data: dict[str, str]
) -> None:
    ticket = add_ticket(database, brand, status="pending", waiting_since=None)
    before = now(database, ticket).model_dump(exclude={"updated_at"})
    undo = notice(client.post(f"/tickets/{ticket.key}/{path}", data=data, headers=HTMX))["action"]["url"]
    assert now(database, ticket).model_dump(exclude={"updated_at"}) != before
    assert client.post(undo, headers={"HX-Request": "true"}).status_code == 200
    assert now(database, ticket).model_dump(exclude={"updated_at"}) == before


def test_what_went_on_since_is_not_taken_back(
    database: Database, client: TestClient, three: list[Ticket]
) -> None:
    ticket = three[0]
    undo = notice(client.post(f"/tickets/{ticket.key}/close", headers=HTMX))["action"]["url"]
    client.post(f"/tickets/{ticket.key}/reopen", headers=HTMX)
    assert client.post(undo, headers=HTMX).status_code == 409
    for wrong in ("undo/999999", "undo/x", f"undo/{'9' * 20}"):
        assert client.post(f"/tickets/{ticket.key}/{wrong}", headers=HTMX).status_code == 404
    other = undo.replace(ticket.key, three[1].key)
    assert client.post(other, headers=HTMX).status_code == 404


def test_tags_come_and_go_with_a_way_back(
    database: Database, client: TestClient, three: list[Ticket]
) -> None:
    made = client.post(
        f"/tickets/{three[0].key}/tags", data={"tag": "gift", "ja": "贈り物", "colour": "green"}, headers=HTMX
    )
    assert "tag-green" in made.text
    again = client.post(f"/tickets/{three[1].key}/tags", data={"tag": "贈り物"}, headers=HTMX)
    undo = notice(again)["action"]["url"]
    gone = client.post(undo, headers={"HX-Request": "true"})
    assert json.loads(gone.headers["hx-trigger"])[f"ticket-{three[1].key}"] is True
    assert 'data-tag="gift"' not in gone.text
    off = client.post(f"/tickets/{three[0].key}/tags/gift/remove", headers=HTMX)
    assert 'data-tag="gift"' not in off.text
    back = client.post(notice(off)["action"]["url"], headers={"HX-Request": "true"})
    assert 'data-tag="gift"' in back.text
    for wrong in ("verdicts/999999/undo", "verdicts/x/undo", f"verdicts/{'9' * 20}/undo"):
        assert client.post(f"/tickets/{three[0].key}/{wrong}", headers=HTMX).status_code == 404
    assert (
        client.post(f"/tickets/{three[2].key}/tags", data={"tag": "x", "colour": "pink"}).status_code == 422
    )


def test_the_linked_order_is_changed_by_number_and_cleared(
    database: Database, brand: Brand, client: TestClient, three: list[Ticket]
) -> None:
    ticket = three[0]
    order = add_order(database, ticket.customer_id, brand, "HK-20391")
    assert "HK-20391" in client.get(f"/tickets/{ticket.key}/order").text
    answer = client.post(f"/tickets/{ticket.key}/order", data={"order": "#hk-20391"}, headers=HTMX)
    assert json.loads(answer.headers["hx-trigger"])["panel-changed"] is True
    assert now(database, ticket).order_id == order.pk
    assert "HK-20391" in client.get(f"/tickets/{ticket.key}/log").text
    off = client.post(f"/tickets/{ticket.key}/order", data={"order": ""}, headers=HTMX)
    assert now(database, ticket).order_id is None
    back = client.post(notice(off)["action"]["url"], headers=HTMX)
    assert json.loads(back.headers["hx-trigger"])["panel-changed"] is True
    assert now(database, ticket).order_id == order.pk
    newer = add_order(database, ticket.customer_id, brand, "HK-20392")
    for typed in ("ｈｋ２０３９２", "20392", "HK 20392"):
        client.post(f"/tickets/{ticket.key}/order", data={"order": "20391"}, headers=HTMX)
        client.post(f"/tickets/{ticket.key}/order", data={"order": typed}, headers=HTMX)
        assert now(database, ticket).order_id == newer.pk
    assert (
        client.post(f"/tickets/{ticket.key}/order", data={"order": "HK-0"}, headers=HTMX).status_code == 422
    )


def test_the_log_tells_before_and_after_also_of_merged_tickets(
    database: Database, brand: Brand, client: TestClient, three: list[Ticket], agent: Agent
) -> None:
    client.post(f"/tickets/{three[1].key}/assign", data={"agent": "me"}, headers=HTMX)
    client.post(f"/tickets/{three[1].key}/merges", data={"other": three[0].key}, headers=HTMX)
    log = client.get(f"/tickets/{three[0].key}/log").text
    assert "<ins>Misaki Takahashi</ins>" in log
    assert f'<span class="tag">#{three[1].number}</span>' in log

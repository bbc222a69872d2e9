"""`/tickets/{key}`: what an agent sees, and every small action on a ticket."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.channels.email.mime import has_remote, sanitise
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    Correction,
    Delivery,
    Direction,
    Message,
    PointsEntry,
    PointsRequest,
    Ticket,
    TicketSeen,
)
from helpdesk.store.db import Database
from helpdesk.tickets import seen
from tests.helpdesk.desk import add_message, add_order, add_ticket, customer_of, put_tag

HTMX = {"HX-Request": "true"}


def now(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


def test_the_address_bar_gets_all_panes_and_htmx_the_conversation(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "荷物はどこですか")
    whole, part = client.get(f"/tickets/{ticket.key}"), client.get(f"/tickets/{ticket.key}", headers=HTMX)
    assert '<nav id="views"' in whole.text
    assert 'aria-current="true"' in whole.text
    assert '<nav id="views"' not in part.text
    assert part.text.lstrip().startswith('<section id="conversation"')
    for page in (whole.text, part.text):
        assert "荷物はどこですか" in page


def test_opening_a_ticket_marks_it_read_for_who_opened_it(
    database: Database, brand: Brand, client: TestClient, agent: Agent, lead: Agent
) -> None:
    ticket = add_ticket(database, brand)
    client.get(f"/tickets/{ticket.key}")
    with database.read() as unit:
        at = {one.agent_id: one.at for one in unit.session.exec(select(TicketSeen))}
    assert not seen.is_new(ticket, at.get(agent.pk))
    assert seen.is_new(ticket, at.get(lead.pk))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/messages"),
        ("GET", "/panel"),
        ("GET", "/macros"),
        ("GET", "/macros/order_in_transit"),
        ("GET", "/assign"),
        ("POST", "/reply"),
        ("POST", "/notes"),
        ("POST", "/close"),
        ("POST", "/spam"),
        ("POST", "/assign"),
        ("POST", "/urgency"),
        ("POST", "/tags"),
        ("POST", "/tags/refund/remove"),
        ("POST", "/points"),
    ],
)
def test_another_brands_ticket_is_404_everywhere(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient, method: str, path: str
) -> None:
    foreign = add_ticket(database, other_brand)
    data = {
        "body": "x",
        "tag": "x",
        "level": "low",
        "amount": "5",
        "reason": "x",
        "agent": "me",
        "token": "t",
    }
    answer = client.request(method, f"/tickets/{foreign.key}{path}", data=data if method == "POST" else None)
    assert answer.status_code == 404
    assert now(database, foreign).status == "open"


def test_messages_are_text_and_files_are_linked(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "<b>bold</b> https://a.example/x", html="<p>hi</p>", quoted="> old")
    page = client.get(f"/tickets/{ticket.key}").text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert 'href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow"' in page
    assert '<details class="message-quoted"' in page
    assert '/frame" sandbox=' in page


def test_messages_come_again_only_when_something_was_added(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    first = client.get(f"/tickets/{ticket.key}/messages", headers=HTMX)
    known = {**HTMX, "If-None-Match": first.headers["etag"]}
    assert client.get(f"/tickets/{ticket.key}/messages", headers=known).status_code == 304
    add_message(database, ticket, "新しいメッセージ")
    assert "新しいメッセージ" in client.get(f"/tickets/{ticket.key}/messages", headers=known).text


def test_close_and_reopen_answer_with_the_head_and_tell_the_list(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    answer = client.post(f"/tickets/{ticket.key}/close", headers=HTMX)
    assert 'id="head"' in answer.text
    assert 'id="messages"' in answer.text
    assert json.loads(answer.headers["hx-trigger"])["inbox-changed"] is True
    assert now(database, ticket).status == "closed"
    client.post(f"/tickets/{ticket.key}/reopen", headers=HTMX)
    assert now(database, ticket).status == "open"


def test_without_javascript_an_action_leads_back_to_the_ticket(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    answer = client.post(f"/tickets/{ticket.key}/close?view=mine")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{ticket.key}?view=mine")


def test_a_ticket_is_given_to_me_to_a_colleague_and_to_nobody(
    database: Database, brand: Brand, client: TestClient, agent: Agent, lead: Agent
) -> None:
    ticket = add_ticket(database, brand)
    assert "Lena Lead" in client.get(f"/tickets/{ticket.key}/assign", headers=HTMX).text
    for given, holder in (("me", agent.pk), (lead.key, lead.pk), ("", None)):
        client.post(f"/tickets/{ticket.key}/assign", data={"agent": given}, headers=HTMX)
        assert now(database, ticket).assignee_id == holder


def test_a_ticket_is_not_given_to_somebody_of_another_brand(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient, make_agent: Callable[..., Agent]
) -> None:
    stranger = make_agent("Olaf Other", brand_ids=[other_brand.pk])
    ticket = add_ticket(database, brand)
    assert (
        client.post(f"/tickets/{ticket.key}/assign", data={"agent": stranger.key}, headers=HTMX).status_code
        == 422
    )
    assert now(database, ticket).assignee_id is None


def test_tags_and_urgency_are_corrected_and_learnt(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    put_tag(database, ticket, "refund", score=0.7)
    client.post(f"/tickets/{ticket.key}/tags", data={"tag": "exchange"}, headers=HTMX)
    client.post(f"/tickets/{ticket.key}/tags/refund/remove", headers=HTMX)
    answer = client.post(f"/tickets/{ticket.key}/urgency", data={"level": "urgent"}, headers=HTMX)
    with database.read() as unit:
        taught = [(one.kind, one.value) for one in unit.session.exec(select(Correction))]
    assert taught == [("tag_added", "exchange"), ("tag_removed", "refund"), ("urgency", "urgent")]
    assert "set by an agent" in answer.text
    assert now(database, ticket).urgency_fixed is not None


def test_points_are_granted_from_the_panel_once(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand)
    data = {"amount": "500", "reason": "late_delivery", "token": "one"}
    for _ in range(2):
        answer = client.post(f"/tickets/{ticket.key}/points", data=data, headers=HTMX)
    assert json.loads(answer.headers["hx-trigger"])["panel-changed"] is True
    assert customer_of(database, ticket).points == 500
    assert "500 points granted" in answer.text


def test_points_above_a_limit_wait_for_a_lead(
    database: Database, brand: Brand, client: TestClient, lead_client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    client.post(
        f"/tickets/{ticket.key}/points", data={"amount": "1500", "reason": "x", "token": "t"}, headers=HTMX
    )
    assert customer_of(database, ticket).points == 0
    assert "wait for a lead" in client.get(f"/tickets/{ticket.key}/panel").text
    assert "Approve" not in client.get(f"/tickets/{ticket.key}/panel").text
    assert "Approve" in lead_client.get(f"/tickets/{ticket.key}/panel").text
    with database.read() as unit:
        asked = unit.session.exec(select(PointsRequest)).one()
    path = f"/tickets/{ticket.key}/points/{asked.key}"
    assert client.post(path, data={"approve": "1"}, headers=HTMX).status_code == 403
    assert lead_client.post(path, data={"approve": "1"}, headers=HTMX).status_code == 200
    assert customer_of(database, ticket).points == 1500


@pytest.mark.parametrize("amount", ["0", "-5", "many", ""])
def test_a_wrong_number_of_points_grants_nothing(
    database: Database, brand: Brand, client: TestClient, amount: str
) -> None:
    ticket = add_ticket(database, brand)
    answer = client.post(
        f"/tickets/{ticket.key}/points", data={"amount": amount, "reason": "x"}, headers=HTMX
    )
    assert answer.status_code == 422
    with database.read() as unit:
        assert unit.session.exec(select(PointsEntry)).all() == []


def test_a_failed_reply_says_why_and_tries_again(
    database: Database, brand: Brand, client: TestClient, account: ChannelAccount
) -> None:
    ticket = add_ticket(database, brand)
    message = add_message(
        database, ticket, "hi", direction=Direction.OUT, state="failed", failure="550 unknown user"
    )
    with database.write() as unit:
        values = {
            "external_id": "x",
            "state": "failed",
            "attempts": 9,
            "next_at": unit.now,
            "created_at": unit.now,
        }
        delivery = Delivery(brand_id=brand.pk, account_id=account.pk, message_id=message.pk, **values)
        unit.session.add(delivery)
    assert "550 unknown user" in client.get(f"/tickets/{ticket.key}").text
    path = f"/tickets/{ticket.key}/deliveries/{delivery.key}/retry"
    answer = client.post(path, headers=HTMX)
    assert (answer.status_code, "Sending was tried again" in answer.text) == (200, True)
    with database.read() as unit:
        again = unit.session.get_one(Delivery, delivery.pk)
        assert (again.state, again.attempts) == ("queued", 0)
        assert unit.session.get_one(Message, message.pk).state == "queued"
    assert client.post(path, headers=HTMX).status_code == 409


def test_the_panel_shows_orders_with_their_parcels(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand, name="佐藤 由美")
    with database.read() as unit:
        today = unit.now
    add_order(
        database,
        ticket.customer_id,
        brand,
        "HK-20391",
        shipped_at=today,
        tracking_url="https://track.example/1",
    )
    panel = client.get(f"/tickets/{ticket.key}/panel").text
    for word in (
        "HK-20391",
        "¥8,640",
        "マグカップ ×2",
        "https://track.example/1",
        "Yamato Transport",
        "On its way",
    ):
        assert word in panel


@pytest.mark.parametrize("token", ["", "\x00"])
def test_points_without_a_token_are_not_reported_as_granted(
    database: Database, brand: Brand, client: TestClient, token: str
) -> None:
    ticket = add_ticket(database, brand)
    data = {"amount": "500", "reason": "x", "token": token}
    answer = client.post(f"/tickets/{ticket.key}/points", data=data, headers=HTMX)
    assert (answer.status_code, "reload the page" in answer.text) == (422, True)
    assert customer_of(database, ticket).points == 0


@pytest.mark.parametrize(
    ("html", "offered"),
    [("<p>hi</p>", False), (sanitise('<p>hi <img src="https://shop.example/a.png"></p>'), True)],
)
def test_images_are_offered_only_where_some_wait(
    database: Database, brand: Brand, client: TestClient, html: str, offered: bool
) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "hi", html=html)
    assert ("data-show-images" in client.get(f"/tickets/{ticket.key}").text) is offered
    assert has_remote(html) is offered

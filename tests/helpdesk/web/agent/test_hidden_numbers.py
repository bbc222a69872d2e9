"""A card number in a message: not on the page, unless the shop wants it; always in the source."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Agent, Brand, Message, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only

CARD = "4111 1111 1111 1111"
SHOWN = "•••• •••• •••• 1111"


@pytest.fixture
def ticket(database: Database, deliver: Deliver) -> Ticket:
    deliver(f"返金してください。カードは {CARD} です。", subject=f"Card {CARD}")
    return only(database, Ticket)


@pytest.fixture
def client(browser: Callable[..., TestClient], agent: Agent) -> TestClient:
    return browser(agent)


@pytest.mark.parametrize("place", ["", "/print"])
def test_the_conversation_shows_its_end_alone(ticket: Ticket, client: TestClient, place: str) -> None:
    page = client.get(f"/tickets/{ticket.key}{place}").text
    words = page[page.index("返金してください") :]
    assert f"カードは {SHOWN} です" in words and f"カードは {CARD}" not in page


def test_a_shop_that_wants_them_sees_them(ticket: Ticket, client: TestClient, database: Database) -> None:
    with database.write() as unit:
        unit.session.get_one(Brand, ticket.brand_id).hide_numbers = False
    assert f"カードは {CARD} です" in client.get(f"/tickets/{ticket.key}").text


def test_lists_and_what_a_search_finds_never_do(ticket: Ticket, client: TestClient) -> None:
    assert f"カードは {SHOWN} です" in client.get("/").text
    found = client.get("/", params={"q": "返金して"}).text
    assert ticket.key in found and f"カードは {CARD}" not in found


def test_the_source_has_what_was_written(ticket: Ticket, client: TestClient, database: Database) -> None:
    message = only(database, Message)
    assert CARD in message.text
    assert client.get(f"/messages/{message.key}/source").status_code == 200


def test_an_html_mail_hides_them_too(client: TestClient, database: Database, deliver: Deliver) -> None:
    raw = (
        "Message-ID: <h@a>\r\nFrom: c@example.jp\r\nTo: support@aoba.example\r\nSubject: Card\r\n"
        "Date: Mon, 05 Jan 2026 12:00:00 +0900\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        f"<table><tr><td>{CARD}</td></tr></table>"
    )
    deliver(raw=raw.encode())
    frame = client.get(f"/messages/{only(database, Message).key}/frame").text
    assert SHOWN in frame and CARD not in frame

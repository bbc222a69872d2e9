"""An answer or a note brings only what the page lacks, and everything where that is not just the end."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Brand, Direction, Ticket
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_message, add_ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def later(ticket: Ticket, clock: StandingClock) -> None:
    """What is said now comes after what the customer wrote."""
    clock.advance(minutes=5)


def mark_of(html: str) -> str:
    found = re.search(r'data-mark="([0-9a-f]+)"', html)
    assert found, html[:500]
    return found[1]


def shown(client: TestClient, ticket: Ticket) -> str:
    return mark_of(client.get(f"/tickets/{ticket.key}", headers=HTMX).text)


def test_a_page_that_shows_all_the_rest_gets_the_new_message_alone(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    mark = shown(client, ticket)
    form = {"body": "The parcel is on its way.", "shown": mark}
    answer = client.post(f"/tickets/{ticket.key}/reply", data=form, headers=HTMX)
    assert answer.headers["hx-retarget"] == "#composer"
    html = answer.text
    assert html.lstrip().startswith('<section id="composer"')
    assert f'hx-swap-oob="beforebegin:#to-latest" data-after="{mark}"' in html
    assert html.count('class="message message-') == 1 and "The parcel is on its way." in html
    assert re.search(r'<header id="head"[^>]* hx-swap-oob="true"', html) and "Waiting for reply" in html
    assert 'id="messages"' not in html and 'id="conversation"' not in html
    assert json.loads(answer.headers["hx-trigger"])["composer-sent"]["mode"] == "reply"
    assert mark_of(html) == shown(client, ticket) != mark


def test_the_renewal_afterwards_finds_nothing_new(ticket: Ticket, client: TestClient) -> None:
    form = {"body": "Yes.", "shown": shown(client, ticket)}
    mark = mark_of(client.post(f"/tickets/{ticket.key}/notes", data=form, headers=HTMX).text)
    path = f"/tickets/{ticket.key}/messages"
    assert client.get(path, headers={**HTMX, "If-None-Match": f'"{mark}"'}).status_code == 304


def test_what_a_colleague_added_meanwhile_comes_along(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    mark = shown(client, ticket)
    add_message(database, ticket, "he called as well", direction=Direction.NOTE, ago=0)
    html = client.post(
        f"/tickets/{ticket.key}/reply", data={"body": "Yes.", "shown": mark}, headers=HTMX
    ).text
    assert html.count('class="message message-') == 2
    assert html.index("he called as well") < html.index(">Yes.<")


def test_a_page_that_shows_something_else_gets_the_whole_conversation(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    add_message(database, ticket, "an earlier word", direction=Direction.NOTE, ago=1)
    mark = shown(client, ticket)
    add_message(database, ticket, "between", direction=Direction.NOTE, ago=2)
    for said in (mark, "0" * 16, "", "<b>"):
        form = {"body": f"Yes. {said}", "shown": said}
        answer = client.post(f"/tickets/{ticket.key}/reply", data=form, headers=HTMX)
        assert 'id="conversation"' in answer.text and "hx-retarget" not in answer.headers


def test_the_same_form_again_adds_nothing_twice(ticket: Ticket, client: TestClient) -> None:
    form = {"body": "Yes.", "token": "once-and-for-all", "shown": shown(client, ticket)}
    client.post(f"/tickets/{ticket.key}/reply", data=form, headers=HTMX)
    again = form | {"shown": shown(client, ticket)}
    html = client.post(f"/tickets/{ticket.key}/reply", data=again, headers=HTMX).text
    assert 'class="message message-' not in html and '<section id="composer"' in html


def test_kept_pieces_speak_of_their_own_ticket(
    database: Database, brand: Brand, ticket: Ticket, client: TestClient
) -> None:
    other_ticket = add_ticket(database, brand)
    for one, other in ((ticket, other_ticket), (other_ticket, ticket)):
        html = client.get(f"/tickets/{one.key}?view=closed&q=a%26b", headers=HTMX).text
        assert other.key not in html and "\ue000" not in html
        assert f'action="/tickets/{one.key}/unread?' in html and f'action="/tickets/{one.key}/tags?' in html
        tokens = set(re.findall(r'name="token" value="([^"]*)"', html))
        assert len(tokens) == 1 and len(tokens.pop()) == 16

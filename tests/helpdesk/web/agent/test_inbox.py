"""`/` and the list that refreshes itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Agent, Brand
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_ticket, put_tag

HTMX = {"HX-Request": "true"}


def test_the_inbox_shows_waiting_tickets_and_an_invitation(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(
        database, brand, name="佐藤 由美", urgency=90, urgency_reasons=[{"code": "wait", "points": 90}]
    )
    put_tag(database, ticket, "refund", colour="red")
    page = client.get("/").text
    assert f'href="/tickets/{ticket.key}"' in page
    assert "佐藤 由美" in page
    assert 'class="tag tag-red">Refund' in page
    assert "Urgency: Urgent 90 (waiting +90)" in page
    assert "Choose a ticket" in page


def test_a_stranger_is_sent_to_sign_in(browser: Callable[..., TestClient]) -> None:
    assert browser().get("/").headers["location"] == "/login"


def test_an_empty_view_says_so_honestly(brand: Brand, client: TestClient) -> None:
    assert "All answered" in client.get("/").text
    assert "Nothing found" in client.get("/?q=荷物").text
    assert "Nothing here" in client.get("/?view=spam").text


def test_the_list_is_sent_again_only_when_something_changed(
    database: Database, brand: Brand, client: TestClient, clock: StandingClock
) -> None:
    add_ticket(database, brand)
    first = client.get("/inbox/rows", headers=HTMX)
    known = {**HTMX, "If-None-Match": first.headers["etag"]}
    assert client.get("/inbox/rows", headers=known).status_code == 304
    add_ticket(database, brand)
    changed = client.get("/inbox/rows", headers=known)
    assert changed.status_code == 200
    assert 'id="views"' in changed.text
    known["If-None-Match"] = changed.headers["etag"]
    clock.advance(minutes=1)
    assert client.get("/inbox/rows", headers=known).status_code == 200


@pytest.mark.parametrize("filtered", ["", "?view=all", "?view=all&channel=line"])
def test_scrolling_on_brings_the_following_rows(
    database: Database, brand: Brand, client: TestClient, filtered: str
) -> None:
    made = {add_ticket(database, brand, name=f"客 {n % 3}", channel="line").key for n in range(33)}
    for _ in range(3):
        add_ticket(database, brand, channel="email", status="closed")
    page = client.get(f"/{filtered}").text
    following = re.search(r'hx-get="(/inbox/more[^"]+)"', page)
    assert following
    rest = client.get(following[1].replace("&amp;", "&"), headers=HTMX).text
    shown = re.findall(r'data-key="(\w+)"', page), re.findall(r'data-key="(\w+)"', rest)
    both = {*shown[0], *shown[1]}
    assert len(shown[0]) == 30 and not {*shown[0]} & {*shown[1]}
    assert len(both) == (36 if filtered == "?view=all" else 33) and both >= made


def test_the_filter_stays_in_every_link(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand, assignee_id=None, channel="line")
    page = client.get("/?view=unassigned&channel=line").text
    assert f'href="/tickets/{ticket.key}?view=unassigned&amp;channel=line"' in page


def test_words_of_customers_are_never_markup(database: Database, brand: Brand, client: TestClient) -> None:
    add_ticket(database, brand, preview="<script>alert(1)</script>", subject="<img src=x>")
    page = client.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_speaks_the_agents_language(
    database: Database, brand: Brand, make_agent: Callable[..., Agent], browser: Callable[..., TestClient]
) -> None:
    add_ticket(database, brand, name="佐藤 由美")
    page = browser(make_agent("Hana Ja", language="ja")).get("/").text
    assert 'lang="ja"' in page
    assert "佐藤 由美 様" in page

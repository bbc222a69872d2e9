"""Customers: found, paged, and one person's whole story."""

from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient

from helpdesk.models import Brand, ChannelAccount, SiteVisit, Visitor
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_order, add_ticket, customer_of

HTMX = {"HX-Request": "true"}


def test_customers_are_listed_and_found(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient
) -> None:
    add_ticket(database, brand, name="佐藤 由美")
    add_ticket(database, brand, name="鈴木 健一")
    add_ticket(database, other_brand, name="Foreign Person")
    assert "Foreign Person" not in client.get("/customers").text
    found = client.get("/customers?q=由美", headers=HTMX).text
    assert "佐藤 由美" in found
    assert "鈴木" not in found
    assert "Nobody found" in client.get("/customers?q=zzz").text


def test_the_story_of_a_customer_is_on_one_line_of_time(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "荷物はどこですか")
    with database.read() as unit:
        shipped = unit.now
    add_order(database, ticket.customer_id, brand, "HK-7", shipped_at=shipped)
    page = client.get(f"/customers/{customer_of(database, ticket).key}").text
    for word in ("荷物はどこですか", "Order placed", "HK-7", "Shipped", "Ticket opened"):
        assert word in page


def test_older_entries_follow_without_repeats(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand)
    for n in range(40):
        add_message(database, ticket, f"message-{n:02}", ago=n + 1)
    page = client.get(f"/customers/{customer_of(database, ticket).key}").text
    older = re.search(r'hx-get="([^"]+before=[^"]+)"', page)
    assert older
    rest = client.get(older[1].replace("&amp;", "&"), headers=HTMX).text
    shown = re.findall(r">(message-\d\d)<", page + rest)
    assert sorted(shown) == [f"message-{n:02}" for n in range(40)]


def test_a_note_about_a_customer_is_kept(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand)
    key = customer_of(database, ticket).key
    assert client.post(f"/customers/{key}", data={"note": "電話は18時以降"}, headers=HTMX).status_code == 204
    assert customer_of(database, ticket).note == "電話は18時以降"


def test_another_brands_customer_is_404(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient
) -> None:
    key = customer_of(database, add_ticket(database, other_brand)).key
    assert client.get(f"/customers/{key}").status_code == 404
    assert client.post(f"/customers/{key}", data={"note": "x"}).status_code == 404


def test_chips_choose_kinds_and_channels_and_stand_in_the_address(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "by mail")
    add_message(database, ticket, "", channel="phone", content={"type": "call", "state": "missed"})
    key = customer_of(database, ticket).key
    whole = client.get(f"/customers/{key}").text
    assert "by mail" in whole and "Missed call" in whole and f'href="/customers/{key}?only=calls"' in whole
    part = HTMX | {"HX-Target": "story"}
    calls = client.get(f"/customers/{key}?only=calls", headers=part).text
    assert '<div id="story"' in calls and "<html" not in calls
    assert "Missed call" in calls and "by mail" not in calls
    assert f'href="/customers/{key}?only=messages&amp;only=calls"' in calls
    both = client.get(
        f"/customers/{key}?only=messages&only=calls&channel=email&channel=nonsense", headers=part
    ).text
    assert "by mail" in both and "Missed call" not in both
    assert "only=messages&amp;only=calls" in both and "nonsense" not in both
    assert "Nothing of this kind" in client.get(f"/customers/{key}?only=visits").text


def test_pictures_sent_as_a_set_are_one_line(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand, waited=999)
    for place in (1, 2, 3):
        album = {"type": "image", "album": {"id": "S", "index": place, "total": 3}}
        add_message(database, ticket, "", channel="line", content=album, ago=9 - place)
    add_message(database, ticket, "", channel="line", content={"type": "image"}, ago=1)
    text = client.get(f"/customers/{customer_of(database, ticket).key}").text
    assert text.count('class="entry-named"') == 2


def test_pages_visited_in_a_row_are_one_line(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand, waited=999)
    with database.write() as unit:
        widget = ChannelAccount(brand_id=brand.pk, kind="chat", address="w", created_at=unit.now)
        unit.session.add(widget)
        unit.session.flush()
        whose: dict[str, Any] = {
            "brand_id": brand.pk,
            "customer_id": ticket.customer_id,
            "created_at": unit.now,
        }
        visitor = Visitor(**whose, account_id=widget.pk, last_seen_at=unit.now)
        unit.session.add(visitor)
        unit.session.flush()
        for page in ("cups", "plates"):
            url = f"https://shop.example/{page}"
            unit.session.add(SiteVisit(**whose, visitor_id=visitor.pk, url=url, title=page.title()))
    text = client.get(f"/customers/{customer_of(database, ticket).key}").text
    assert "2 pages visited" in text and "Cups" in text and text.count('<details class="entry-visits"') == 1

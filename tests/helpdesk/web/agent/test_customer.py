"""Customers: found, paged, and one person's whole story."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from helpdesk.models import Brand
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
    shown = re.findall(r"message-\d\d", page + rest)
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

"""`/palette`: what Ctrl+K finds."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket


def titles(page: str) -> list[str]:
    return re.findall(r'role="group" aria-label="([^"]+)"', page)


def test_what_is_found_stands_in_groups(database: Database, brand: Brand, client: TestClient) -> None:
    ticket = add_ticket(database, brand, name="Emma Clarke", subject="Wrong address")
    page = client.get("/palette?q=emma").text
    assert titles(page) == ["Tickets", "Customers"]
    assert f'href="/tickets/{ticket.key}"' in page
    assert "Wrong address" in page


def test_views_are_found_by_a_part_of_their_name(brand: Brand, client: TestClient) -> None:
    page = client.get("/palette?q=snoo").text
    assert titles(page) == ["Views"]
    assert 'href="/?view=snoozed"' in page


def test_settings_are_offered_to_those_who_may_open_them(
    brand: Brand, client: TestClient, admin_client: TestClient
) -> None:
    assert "/settings/mailboxes" not in client.get("/palette?q=mailboxes").text
    assert "/settings/mailboxes" in admin_client.get("/palette?q=mailboxes").text


def test_macros_are_found_while_a_ticket_is_open(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    assert "Macros" not in titles(client.get("/palette?q=thank").text)
    page = client.get(f"/palette?q=thank&ticket={ticket.key}").text
    assert f"/tickets/{ticket.key}/macros/" in page
    assert "/macros/" not in client.get('/palette?q=thank&ticket="><b>').text


def test_each_group_is_short(database: Database, brand: Brand, client: TestClient) -> None:
    for n in range(8):
        add_ticket(database, brand, name=f"Sato {n}")
    page = client.get("/palette?q=sato").text
    assert page.count('role="option"') == 10

"""The colours, chosen in the account menu."""

from __future__ import annotations

from starlette.testclient import TestClient

from helpdesk.models import Agent
from helpdesk.store.db import Database


def test_a_choice_is_kept_and_leads_back_without_a_script(
    database: Database, agent: Agent, client: TestClient
) -> None:
    answer = client.post("/settings/theme", data={"theme": "dark", "next": "/customers?q=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/customers?q=1")
    assert 'data-theme="dark"' in client.get("/customers").text
    assert "theme=dark" in answer.headers["set-cookie"]


def test_nothing_but_the_known_colours_and_places_is_taken(client: TestClient) -> None:
    answer = client.post("/settings/theme", data={"theme": '"><b>', "next": "//elsewhere.example"})
    assert answer.headers["location"] == "/"
    assert 'data-theme="system"' in client.get("/customers").text


def test_htmx_needs_no_new_page(client: TestClient) -> None:
    answer = client.post("/settings/theme", data={"theme": "light"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204

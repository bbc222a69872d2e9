from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Agent
from helpdesk.people import accounts
from helpdesk.store.db import Database
from helpdesk.web.auth import safe_next


@pytest.mark.parametrize("target", ["/", "/tickets/abc?view=mine", "/settings#top"])
def test_a_path_of_ours_is_gone_to_after_sign_in(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/a\nb",
        "",
    ],
)
def test_a_foreign_address_is_not(target: str) -> None:
    assert safe_next(target) == "/"


def test_the_sign_in_page_leads_back_to_where_one_wanted_to_go(browser: Callable[..., TestClient]) -> None:
    answer = browser().get("/outbox?state=kept")
    assert answer.headers["location"] == "/login?next=/outbox%3Fstate%3Dkept"


def test_an_expired_sign_in_makes_htmx_load_the_sign_in_page(browser: Callable[..., TestClient]) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/outbox"}
    answer = browser().get("/outbox", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/login?next=/outbox"


def test_a_sign_in_ends_after_its_days(client: TestClient, clock: Callable[..., object]) -> None:
    assert client.get("/settings").status_code == 200
    clock.advance(days=15)  # type: ignore[attr-defined]
    assert client.get("/settings").status_code == 303


def test_work_keeps_an_agent_signed_in(client: TestClient, clock: Callable[..., object]) -> None:
    for _ in range(4):
        clock.advance(days=10)  # type: ignore[attr-defined]
        assert client.get("/settings").status_code == 200


def test_who_is_switched_off_is_out_at_once(client: TestClient, agent: Agent, database: Database) -> None:
    with database.write() as unit:
        found = accounts.get_by_id(unit, agent.pk)
        accounts.change_agent(unit, found, name="Gone", role="agent", active=False, brand_ids=[])
    assert client.get("/settings").status_code == 303


def test_a_made_up_token_is_nobody(browser: Callable[..., TestClient]) -> None:
    client = browser()
    client.cookies["helpdesk"] = "made-up"
    assert client.get("/settings").status_code == 303


def test_pages_are_in_the_agents_language(
    browser: Callable[..., TestClient], make_agent: Callable[..., Agent]
) -> None:
    japanese = make_agent("Yumi", language="ja")
    assert '<html lang="ja"' in browser(japanese).get("/settings").text


def test_with_https_the_cookie_is_bound_to_the_host(
    browser: Callable[..., TestClient], agent: Agent, database: Database
) -> None:
    client = browser()
    client.base_url = "https://testserver"  # type: ignore[assignment]
    with database.write() as unit:
        accounts.set_password(
            unit, accounts.get_by_id(unit, agent.pk), client.app.state.parts.passwords.hash("long enough")
        )  # type: ignore[attr-defined]
    answer = client.post("/login", data={"email": agent.email, "password": "long enough"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-helpdesk=")
    for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert f"Max-Age={timedelta(days=14).total_seconds():.0f}" in cookie

"""Rules that hold for every URL, whoever adds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from helpdesk.models import Agent
from helpdesk.settings import Settings
from helpdesk.web.routes import routes

OPEN = (
    *("/healthz", "/readyz", "/metrics", "/assets/", "/hooks/", "/files/"),
    *("/line/link/", "/widget", "/login", "/setup"),
)
ROUTES = [route for route in routes(Settings()) if isinstance(route, Route)]
CLOSED = [route for route in ROUTES if not route.path.startswith((*OPEN, "/logout"))]
WRITING = [
    route
    for route in ROUTES
    if {"POST", "PUT", "PATCH", "DELETE"} & set(route.methods or ())
    and not route.path.startswith(("/hooks/", "/widget"))
]
ADMINISTRATIVE = [
    route
    for route in CLOSED
    if route.path.startswith(("/settings/brands", "/settings/mailboxes", "/settings/agents"))
]
LEADING = [route for route in CLOSED if route.path.startswith(("/settings/quarantine", "/settings/points"))]


def named(route: Route) -> str:
    return f"{sorted(route.methods or ())[-1]} {route.path}"


def address(route: Route) -> str:
    return route.path.replace("{", "").replace("}", "")


def ask(client: TestClient, route: Route) -> int:
    return client.request(sorted(route.methods or ())[-1], address(route)).status_code


@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_strangers_are_led_to_the_sign_in_page(browser: Callable[..., TestClient], route: Route) -> None:
    answer = browser().request(sorted(route.methods or ())[-1], address(route))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("route", WRITING, ids=named)
def test_nothing_is_changed_by_another_site(
    browser: Callable[..., TestClient], agent: Agent, route: Route
) -> None:
    client = browser(agent)
    client.headers["sec-fetch-site"] = "cross-site"
    assert ask(client, route) == 403


@pytest.mark.parametrize("route", ADMINISTRATIVE, ids=named)
def test_leads_do_not_administer(lead_client: TestClient, route: Route) -> None:
    assert ask(lead_client, route) == 403


@pytest.mark.parametrize("route", LEADING, ids=named)
def test_agents_do_not_lead(client: TestClient, route: Route) -> None:
    assert ask(client, route) == 403

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from helpdesk.models import Agent, SignIn
from helpdesk.people import setup_link
from helpdesk.people.passwords import Passwords
from helpdesk.store.db import Database

PASSWORD = "correct horse battery"


@pytest.fixture
def known(make_agent: Callable[..., Agent], passwords: Passwords) -> Agent:
    return make_agent("Known", password_hash=passwords.hash(PASSWORD))


def test_the_right_password_signs_in(browser: Callable[..., TestClient], known: Agent) -> None:
    client = browser()
    answer = client.post(
        "/login", data={"email": "KNOWN@example.com", "password": PASSWORD, "next": "/outbox"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/outbox")
    assert client.get("/outbox").status_code == 200


def test_the_token_is_not_in_the_database(
    browser: Callable[..., TestClient], known: Agent, database: Database
) -> None:
    client = browser()
    client.post("/login", data={"email": known.email, "password": PASSWORD})
    with database.read() as unit:
        stored = unit.session.scalars(select(SignIn)).one()
    assert client.cookies["helpdesk"] not in (stored.token_hash, "")


@pytest.mark.parametrize(
    ("email", "password"), [("known@example.com", "wrong"), ("nobody@example.com", PASSWORD)]
)
def test_wrong_and_unknown_are_told_the_same(
    browser: Callable[..., TestClient], known: Agent, email: str, password: str
) -> None:
    answer = browser().post("/login", data={"email": email, "password": password})
    assert answer.status_code == 422
    assert "The address or the password is not right." in answer.text
    assert password not in answer.text


def test_a_switched_off_account_does_not_sign_in(
    browser: Callable[..., TestClient], known: Agent, database: Database
) -> None:
    with database.write() as unit:
        unit.session.get_one(Agent, known.pk).active = False
    assert browser().post("/login", data={"email": known.email, "password": PASSWORD}).status_code == 422


def test_after_ten_attempts_even_the_right_password_waits(
    browser: Callable[..., TestClient], known: Agent
) -> None:
    client = browser()
    for _ in range(10):
        client.post("/login", data={"email": known.email, "password": "wrong"})
    answer = client.post("/login", data={"email": known.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.text


def test_signing_out_ends_the_sign_in_itself(browser: Callable[..., TestClient], agent: Agent) -> None:
    client = browser(agent)
    token = client.cookies["helpdesk"]
    assert client.post("/logout").headers["location"] == "/login"
    client.cookies["helpdesk"] = token
    assert client.get("/settings").status_code == 303


def test_who_is_signed_in_is_not_asked_again(client: TestClient) -> None:
    assert client.get("/login?next=/outbox").headers["location"] == "/outbox"


def test_the_console_link_makes_the_first_administrator_once(
    app: Starlette, browser: Callable[..., TestClient]
) -> None:
    with app.state.parts.database.write() as unit:
        token = setup_link.renew(unit)
    client = browser()
    assert client.get(f"/setup?token={token}").status_code == 200
    form = {
        "token": token,
        "brand": "青葉商店",
        "name": "Mari",
        "email": "mari@example.com",
        "password": PASSWORD,
    }
    assert client.post("/setup", data={**form, "password": "short"}).status_code == 422
    assert client.post("/setup", data=form).headers["location"] == "/settings"
    assert "青葉商店" in client.get("/settings").text
    assert browser().post("/setup", data=form).status_code == 403
    assert browser().get(f"/setup?token={token}").status_code == 403


def test_setup_without_a_link_is_refused(browser: Callable[..., TestClient]) -> None:
    assert browser().get("/setup").status_code == 403

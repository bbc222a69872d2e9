from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Agent
from helpdesk.people import accounts
from helpdesk.people.passwords import Passwords
from helpdesk.store.db import Database

FORM = {
    "name": "Misaki",
    "language": "en",
    "timezone": "Europe/London",
    "theme": "dark",
    "signature": "Misaki\nAoba",
}
OLD, NEW = "the old password", "a much better one"


@pytest.fixture
def me(make_agent: Callable[..., Agent], passwords: Passwords) -> Agent:
    return make_agent("Me", password_hash=passwords.hash(OLD))


def test_a_profile_is_saved(client: TestClient, agent: Agent, database: Database) -> None:
    assert client.post("/settings/profile", data=FORM).status_code == 303
    with database.read() as unit:
        found = accounts.get_by_id(unit, agent.pk)
    assert (found.name, found.timezone, found.theme, found.signature) == (
        "Misaki",
        "Europe/London",
        "dark",
        "Misaki\nAoba",
    )


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"language": "fr"}, {"timezone": "Mars/Base"}, {"theme": "pink"}]
)
def test_a_wrong_field_is_named_and_the_rest_kept(client: TestClient, wrong: dict[str, str]) -> None:
    answer = client.post("/settings/profile", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert "Misaki\nAoba" in answer.text


def test_changing_the_password_signs_other_browsers_out(
    browser: Callable[..., TestClient], me: Agent, database: Database, passwords: Passwords
) -> None:
    here, there = browser(me), browser(me)
    assert here.post("/settings/profile/password", data={"current": OLD, "password": NEW}).status_code == 303
    assert (here.get("/settings").status_code, there.get("/settings").status_code) == (200, 303)
    with database.read() as unit:
        assert passwords.verify(accounts.get_by_id(unit, me.pk).password_hash, NEW)


@pytest.mark.parametrize(("current", "new"), [("wrong one here", NEW), (OLD, "short")])
def test_without_the_old_or_with_a_short_password_nothing_changes(
    browser: Callable[..., TestClient],
    me: Agent,
    database: Database,
    passwords: Passwords,
    current: str,
    new: str,
) -> None:
    answer = browser(me).post("/settings/profile/password", data={"current": current, "password": new})
    assert answer.status_code == 422
    with database.read() as unit:
        assert passwords.verify(accounts.get_by_id(unit, me.pk).password_hash, OLD)


def test_the_old_password_cannot_be_guessed_without_end(
    browser: Callable[..., TestClient], me: Agent
) -> None:
    client = browser(me)
    for _ in range(10):
        client.post("/settings/profile/password", data={"current": "guess", "password": NEW})
    answer = client.post("/settings/profile/password", data={"current": OLD, "password": NEW})
    assert answer.status_code == 422
    assert "Wait a quarter of an hour" in answer.text


def test_all_other_browsers_can_be_signed_out(browser: Callable[..., TestClient], me: Agent) -> None:
    here, there = browser(me), browser(me)
    here.post("/settings/profile/sign-outs")
    assert (here.get("/settings").status_code, there.get("/settings").status_code) == (200, 303)

"""Roles: what a right opens, and that nobody gets more than the role gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from helpdesk.access import BUILT_IN, RIGHTS, Access
from helpdesk.models import Agent, Brand, CustomRole
from helpdesk.people import accounts, roles, sign_in
from helpdesk.store.db import Database
from helpdesk.web.sections import SECTIONS


@pytest.fixture
def make_role(database: Database) -> Callable[..., CustomRole]:
    def make(name: str, *rights: str) -> CustomRole:
        with database.write() as unit:
            return roles.create(unit, name=name, rights=rights)

    return make


def test_built_in_roles_grow_and_the_administrator_may_everything() -> None:
    assert BUILT_IN["agent"] < BUILT_IN["lead"] < BUILT_IN["admin"] == frozenset(RIGHTS)


def test_an_unknown_role_may_nothing() -> None:
    assert not any(Access(1, "gone", (1,)).may(right) for right in RIGHTS)


@pytest.mark.parametrize("section", [one for one in SECTIONS if one.right], ids=lambda one: one.path)
def test_a_settings_page_opens_for_its_right_alone(
    section: object,
    make_role: Callable[..., CustomRole],
    make_agent: Callable[..., Agent],
    browser: Callable[..., TestClient],
) -> None:
    path, right = section.path, section.right  # type: ignore[attr-defined]
    may = make_role("May", right)
    others = make_role("May all but that", *(one for one in RIGHTS if one != right))
    insider, outsider = make_agent("Inside", role=may.key), make_agent("Outside", role=others.key)
    assert browser(insider).get(path).status_code == 200
    assert path in browser(insider).get("/settings").text
    refused = browser(outsider).get(path)
    assert refused.status_code == 403
    assert path not in browser(outsider).get("/settings").text


def test_a_role_is_made_given_and_changed(
    admin_client: TestClient, agent: Agent, client: TestClient, brand: Brand, database: Database
) -> None:
    answer = admin_client.post(
        "/settings/roles", data={"name": "Returns desk", "rights": ["reply", "quarantine"]}
    )
    assert answer.status_code == 303
    with database.read() as unit:
        role = unit.session.scalars(select(CustomRole)).one()
    assert client.get("/settings/quarantine").status_code == 403
    form = {"name": agent.name, "role": role.key, "active": "1", "brands": str(brand.pk)}
    assert admin_client.post(f"/settings/agents/{agent.key}", data=form).status_code == 303
    assert client.get("/settings/quarantine").status_code == 200
    assert (
        admin_client.post(
            f"/settings/roles/{role.key}", data={"name": "Returns", "rights": "reply"}
        ).status_code
        == 303
    )
    assert client.get("/settings/quarantine").status_code == 403
    assert "Returns" in admin_client.get("/settings/agents").text


def test_a_role_that_somebody_has_is_not_deleted(
    admin_client: TestClient,
    make_role: Callable[..., CustomRole],
    make_agent: Callable[..., Agent],
    database: Database,
) -> None:
    role = make_role("Night shift", "reply")
    keeper = make_agent("Keeper", role=role.key)
    assert admin_client.post(f"/settings/roles/{role.key}/delete").status_code == 409
    with database.write() as unit:
        found = accounts.get_by_id(unit, keeper.pk)
        found.role = "agent"
        unit.session.add(found)
    assert admin_client.post(f"/settings/roles/{role.key}/delete").status_code == 303
    with database.read() as unit:
        assert unit.session.scalars(select(CustomRole)).first() is None


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "Lead team", "rights": "fly"}, {"name": "x" * 61}])
def test_a_wrong_role_is_refused(admin_client: TestClient, form: dict[str, str]) -> None:
    assert admin_client.post("/settings/roles", data=form).status_code == 422


def test_two_roles_of_one_name_are_refused(
    admin_client: TestClient, make_role: Callable[..., CustomRole]
) -> None:
    make_role("Night shift", "reply")
    answer = admin_client.post("/settings/roles", data={"name": "NIGHT SHIFT", "rights": "reply"})
    assert answer.status_code == 422
    assert "already" in answer.text


def test_an_agent_with_a_role_that_does_not_exist_is_refused(
    admin_client: TestClient, agent: Agent, brand: Brand
) -> None:
    form = {"name": agent.name, "role": "owner", "active": "1", "brands": str(brand.pk)}
    assert admin_client.post(f"/settings/agents/{agent.key}", data=form).status_code == 422


def test_rights_come_with_the_sign_in_and_by_the_agent(
    database: Database, make_role: Callable[..., CustomRole], make_agent: Callable[..., Agent]
) -> None:
    role = make_role("Night shift", "reply", "export")
    keeper = make_agent("Keeper", role=role.key)
    with database.write() as unit:
        token = sign_in.start(unit, keeper, user_agent="", days=1)
    with database.read() as unit:
        found = sign_in.find(unit, token)
        assert found is not None
        assert found.access == sign_in.access_of(unit, keeper)
        assert found.access.custom == {"reply", "export"}

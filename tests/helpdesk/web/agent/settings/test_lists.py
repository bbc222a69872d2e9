"""Teams, tags, custom fields and the audit log: made, changed, and out of other brands' reach."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from helpdesk.models import (
    Agent,
    AuditEntry,
    Brand,
    CustomField,
    SQLModel,
    Tag,
    Team,
    TeamAgent,
    Ticket,
    TicketTag,
)
from helpdesk.people import teams
from helpdesk.store.db import Database
from helpdesk.tickets import tag


def rows(database: Database, kind: type[SQLModel]) -> list[Any]:
    with database.read() as unit:
        return list(unit.session.scalars(select(kind)))


def trail(database: Database) -> list[str]:
    return [entry.name for entry in rows(database, AuditEntry)]


def test_a_team_is_made_filled_and_deleted(
    admin_client: TestClient, agent: Agent, brand: Brand, database: Database, ticket: Ticket
) -> None:
    assert (
        admin_client.post("/settings/teams", data={"name": "Returns", "brand": brand.key}).status_code == 303
    )
    (team,) = rows(database, Team)
    form = {"name": "Returns & exchanges", "members": [agent.key, "nobody"]}
    assert admin_client.post(f"/settings/teams/{team.key}", data=form).status_code == 303
    assert [(one.team_id, one.agent_id) for one in rows(database, TeamAgent)] == [(team.pk, agent.pk)]
    assert "Misaki Takahashi" in admin_client.get("/settings/teams").text
    with database.write() as unit:
        unit.session.get_one(Ticket, ticket.pk).team_id = team.pk
    assert admin_client.post(f"/settings/teams/{team.key}/delete").status_code == 303
    assert rows(database, Team) == rows(database, TeamAgent) == []
    assert rows(database, Ticket)[0].team_id is None
    assert trail(database) == ["team_added", "team_changed", "team_deleted"]


def test_a_team_of_another_brand_is_not_there(
    lead_client: TestClient, admin_client: TestClient, other_brand: Brand, brand: Brand, database: Database
) -> None:
    with database.write() as unit:
        team = teams.create(unit, other_brand.pk, name="Foreign team")
    assert lead_client.get(f"/settings/teams/{team.key}").status_code == 403
    assert admin_client.get(f"/settings/teams/{team.key}").status_code == 200
    assert admin_client.post("/settings/teams", data={"name": "", "brand": brand.key}).status_code == 422


def test_two_teams_of_one_brand_have_two_names(
    admin_client: TestClient, brand: Brand, other_brand: Brand
) -> None:
    for shop, status in ((brand, 303), (brand, 422), (other_brand, 303)):
        answer = admin_client.post("/settings/teams", data={"name": "Returns", "brand": shop.key})
        assert answer.status_code == status


def test_a_tag_is_made_renamed_and_deleted_with_its_marks(
    lead_client: TestClient, brand: Brand, ticket: Ticket, database: Database
) -> None:
    form = {"brand": brand.key, "name": "gift wrap", "label_ja": "ラッピング", "colour": "green"}
    assert lead_client.post("/settings/tags", data=form).status_code == 303
    made = next(one for one in rows(database, Tag) if one.name == "gift wrap")
    assert (made.labels, made.colour) == ({"ja": "ラッピング", "en": "gift wrap"}, "green")
    with database.write() as unit:
        tag.add(unit, unit.session.get_one(Ticket, ticket.pk), "gift wrap", by=None)
    form = {"label_ja": "ギフト包装", "label_en": "Gift wrapping", "colour": "blue"}
    assert lead_client.post(f"/settings/tags/{made.key}", data=form).status_code == 303
    page = lead_client.get("/settings/tags").text
    assert "Gift wrapping" in page
    assert "1 ticket" in page
    assert lead_client.post(f"/settings/tags/{made.key}/delete").status_code == 303
    assert made.key not in {one.key for one in rows(database, Tag)}
    assert made.pk not in {one.tag_id for one in rows(database, TicketTag)}
    assert trail(database) == ["tag_added", "tag_changed", "tag_deleted"]


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "?"}, {"name": "fine", "colour": "pink"}])
def test_a_wrong_tag_is_refused(lead_client: TestClient, brand: Brand, form: dict[str, str]) -> None:
    assert lead_client.post("/settings/tags", data={"brand": brand.key, **form}).status_code == 422


def test_the_classifiers_tags_are_not_deleted(
    lead_client: TestClient, brand: Brand, database: Database
) -> None:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
    kept = rows(database, Tag)[0]
    assert lead_client.post(f"/settings/tags/{kept.key}/delete").status_code == 409
    assert len(rows(database, Tag)) > 20
    assert trail(database) == []


def test_a_field_is_made_changed_archived_and_taken_up_again(
    lead_client: TestClient, brand: Brand, database: Database
) -> None:
    form = {
        "brand": brand.key,
        "name": "cause",
        "kind": "list",
        "label_ja": "原因",
        "options": "Parcel::Late\nParcel::Lost\n\nGoods",
        "required": "1",
    }
    assert lead_client.post("/settings/fields", data=form).status_code == 303
    (field,) = rows(database, CustomField)
    assert (field.options, field.required) == (["Parcel::Late", "Parcel::Lost", "Goods"], True)
    place = f"/settings/fields/{brand.key}/cause"
    assert lead_client.post(place, data={"label_en": "Cause", "options": "Goods"}).status_code == 303
    assert lead_client.post(f"{place}/archive").status_code == 303
    assert "Use again" in lead_client.get("/settings/fields").text
    assert lead_client.post(f"{place}/restore").status_code == 303
    (field,) = rows(database, CustomField)
    assert (field.labels, field.options, field.required, field.archived_at) == (
        {"en": "Cause"},
        ["Goods"],
        False,
        None,
    )
    assert trail(database) == ["field_added", "field_changed", "field_archived", "field_restored"]


@pytest.mark.parametrize(
    "form", [{"name": "Cause"}, {"name": "cause", "kind": "colour"}, {"name": "cause", "kind": "list"}]
)
def test_a_wrong_field_is_refused(lead_client: TestClient, brand: Brand, form: dict[str, str]) -> None:
    given = {"brand": brand.key, "kind": "text", **form}
    assert lead_client.post("/settings/fields", data=given).status_code == 422


def test_fields_change_places(lead_client: TestClient, brand: Brand, database: Database) -> None:
    for name in ("one", "two", "three"):
        form = {"brand": brand.key, "name": name, "kind": "text"}
        assert lead_client.post("/settings/fields", data=form).status_code == 303
    lead_client.post(f"/settings/fields/{brand.key}/three/move", data={"to": "up"})
    lead_client.post(f"/settings/fields/{brand.key}/one/move", data={"to": "up"})
    ordered = sorted(rows(database, CustomField), key=lambda one: one.position)
    assert [one.name for one in ordered] == ["one", "three", "two"]


def test_the_log_tells_of_sign_ins_and_refusals(
    browser: Any, admin_client: TestClient, agent: Agent, database: Database
) -> None:
    stranger = browser()
    stranger.post("/login", data={"email": agent.email, "password": "wrong and long enough"})
    stranger.post("/login", data={"email": "nobody@example.com", "password": "wrong and long enough"})
    page = admin_client.get("/settings/audit").text
    assert page.count("was refused at sign-in") == 3  # twice in the list, once in the filter
    assert "nobody@example.com" in page
    assert page.count("Misaki Takahashi") == 2
    found = admin_client.get("/settings/audit?name=signed_in").text
    assert "nobody@example.com" not in found


def test_the_log_shows_what_a_brand_was_before(
    admin_client: TestClient, brand: Brand, database: Database
) -> None:
    role = {"name": "Night shift", "rights": ["reply"]}
    admin_client.post("/settings/roles", data=role)
    entry = rows(database, AuditEntry)[-1]
    assert (entry.name, entry.data["rights"]) == ("role_added", ["reply"])
    assert "role: Night shift" in admin_client.get("/settings/audit").text


def test_taking_the_log_needs_a_reason_and_is_logged(admin_client: TestClient, database: Database) -> None:
    admin_client.post("/settings/roles", data={"name": "=cmd()", "rights": ["reply"]})
    assert admin_client.get("/settings/audit.csv").status_code == 403
    answer = admin_client.get("/settings/audit.csv?reason=yearly+review")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert answer.text.startswith("\ufeff")
    assert trail(database) == ["role_added", "audit_exported"]


def test_another_brands_entries_are_not_shown(
    admin_client: TestClient, lead_client: TestClient, other_brand: Brand
) -> None:
    admin_client.post("/settings/teams", data={"name": "Secret team", "brand": other_brand.key})
    assert "Secret team" in admin_client.get("/settings/audit").text
    assert "Secret team" not in lead_client.get("/settings/audit").text
    assert "Secret team" not in lead_client.get("/settings/audit.csv?reason=review").text


def test_the_log_goes_on_page_by_page(admin_client: TestClient, brand: Brand) -> None:
    for number in range(105):
        admin_client.post("/settings/tags", data={"brand": brand.key, "name": f"tag {number:03}"})
    first = admin_client.get("/settings/audit").text
    assert "tag: tag 104" in first
    assert "tag: tag 004" not in first
    older = first.split('href="/settings/audit?before=')[1].split("&")[0]
    assert "tag: tag 004" in admin_client.get(f"/settings/audit?before={older}").text

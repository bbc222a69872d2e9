"""/settings/tags: other words for a tag, and those that nobody uses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import AuditEntry, Brand, Tag
from helpdesk.store.db import Database
from helpdesk.tickets import tag_list
from tests.helpdesk.stories import rows


@pytest.fixture
def own(database: Database, brand: Brand) -> Tag:
    with database.write() as unit:
        return tag_list.create(
            unit, brand.pk, name="wrapping", labels={"ja": "包装", "en": "Wrapping"}, colour=""
        )


def test_a_word_is_added_and_removed_and_both_are_told(
    database: Database, lead_client: TestClient, client: TestClient, own: Tag
) -> None:
    path = f"/settings/tags/{own.key}"
    assert client.post(f"{path}/aliases", data={"alias": "ギフト"}).status_code == 403
    assert lead_client.post(f"{path}/aliases", data={"alias": "ギフト"}).status_code == 303
    assert "ギフト" in lead_client.get(path).text
    assert lead_client.post(f"{path}/aliases", data={"alias": ""}).status_code == 422
    assert lead_client.post(f"{path}/aliases/remove", data={"alias": "ギフト"}).status_code == 303
    assert "ギフト" not in lead_client.get(path).text
    told = [(one.name, one.data["word"]) for one in rows(database, AuditEntry) if "alias" in one.name]
    assert told == [("tag_alias_added", "ギフト"), ("tag_alias_removed", "ギフト")]


def test_the_chosen_of_the_unused_are_deleted_and_no_others(
    database: Database, brand: Brand, lead_client: TestClient, own: Tag
) -> None:
    assert "Unused" not in lead_client.get("/settings/tags").text
    with database.write() as unit:
        young = tag_list.create(unit, brand.pk, name="young", labels={}, colour="")
        kept = tag_list.create(unit, brand.pk, name="kept", labels={}, colour="")
        for one in (kept, own):
            unit.session.get_one(Tag, one.pk).created_at = unit.now - timedelta(days=100)
    page = lead_client.get("/settings/tags?show=unused").text
    assert "Wrapping" in page and "kept" in page and "young" not in page and "never used" in page
    answer = lead_client.post(
        "/settings/tags/unused/delete", data={"brand": brand.key, "tag": [own.key, young.key]}
    )
    assert answer.status_code == 303
    with database.read() as unit:
        assert set(unit.session.exec(select(Tag.name))) == {"young", "kept"}


def test_nobody_deletes_tags_of_another_brand(
    database: Database, other_brand: Brand, lead_client: TestClient
) -> None:
    with database.write() as unit:
        foreign = tag_list.create(unit, other_brand.pk, name="foreign", labels={}, colour="")
        foreign.created_at = unit.now - timedelta(days=100)
    data = {"brand": other_brand.key, "tag": foreign.key}
    assert lead_client.post("/settings/tags/unused/delete", data=data).status_code == 404
    assert lead_client.post(f"/settings/tags/{foreign.key}/aliases", data={"alias": "x"}).status_code == 404

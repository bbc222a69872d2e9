from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

import classifiers
from helpdesk.models import Brand, ModelVersion, Tag
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import tag
from helpdesk.triage import versions
from tests.helpdesk.stories import only, rows

FIGURES = {
    "n": 40, "top1": 0.81, "top3": 0.95, "shown": 0.7, "precision": 0.93, "ece": 0.04, "curve": [],
    "per_tag": {"refund": {"n": 9, "shown": 8, "hits": 7, "precision": 0.875, "recall": 0.7778, "f1": 0.8235}},
    "confusions": [{"wanted": "refund", "said": "exchange", "n": 3}],
}  # fmt: skip


def serve(database: Database, brand: Brand, artifact: str, *, lost: int = 0) -> ModelVersion:
    moved = {"n": 40, "lost": lost, "won": 0, "tags": {"refund": {"lost": lost, "won": 0}}}
    result: dict[str, Any] = {
        "rows": 100, "own_rows": 12, "data_hash": "d", "tags": ["refund"], "before": {},
        "figures": {"ja": FIGURES, "en": {"n": 0}},
        "changes": {"ja": moved, "en": {"n": 0, "lost": 0, "won": 0, "tags": {}}},
    }  # fmt: skip
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        asked = versions.ask(unit, brand.pk, by=None)
        versions.claim(unit)
        versions.finish(unit, asked, result, artifact)
        return asked


def states(database: Database) -> list[str]:
    return [one.state for one in sorted(rows(database, ModelVersion), key=lambda one: one.version)]


def test_without_corrections_the_builtin_serves(lead_client: TestClient, brand: Brand) -> None:
    page = lead_client.get("/settings/model")
    assert page.status_code == 200
    assert "The built-in model serves" in page.text and "No model of this brand yet" in page.text


def test_the_page_tells_figures_versions_and_why_one_does_not_serve(
    lead_client: TestClient, database: Database, brand: Brand, files: Files
) -> None:
    serve(database, brand, files.put(classifiers.BUILTIN.read_bytes()))
    serve(database, brand, "none", lost=9)
    text = lead_client.get("/settings/model").text
    assert "Version 1 serves" in text and "cannot be read" not in text
    assert "88%" in text and "78%" in text
    assert "not good enough" in text and "9 right answers lost, 0 won" in text
    assert "was taken for" in text


def test_a_damaged_model_is_told(
    lead_client: TestClient, database: Database, brand: Brand, files: Files
) -> None:
    serve(database, brand, "0" * 64)
    text = lead_client.get("/settings/model").text
    assert "The built-in model serves" in text and "cannot be read" in text


def test_train_now_asks_once_and_is_written_down(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    for _ in range(2):
        assert lead_client.post("/settings/model/train", data={"brand": brand.key}).status_code == 303
    row = only(database, ModelVersion)
    assert (row.state, row.reason, row.agent_id is not None) == ("queued", "asked", True)
    assert "Version 1 is being trained" in lead_client.get("/settings/model").text


def test_going_back_by_one_click(lead_client: TestClient, database: Database, brand: Brand) -> None:
    first, _second = serve(database, brand, "a"), serve(database, brand, "b")
    answer = lead_client.post("/settings/model/back", data={"brand": brand.key, "version": first.key})
    assert answer.status_code == 303
    assert states(database) == ["active", "retired"]
    lead_client.post("/settings/model/back", data={"brand": brand.key, "version": ""})
    assert states(database) == ["retired", "retired"]


def test_it_is_for_leads_and_their_brands_alone(
    client: TestClient, lead_client: TestClient, database: Database, brand: Brand, other_brand: Brand
) -> None:
    theirs = serve(database, other_brand, "a")
    assert client.get("/settings/model").status_code == 403
    assert client.post("/settings/model/train", data={"brand": brand.key}).status_code == 403
    assert lead_client.post("/settings/model/train", data={"brand": other_brand.key}).status_code == 404
    crossed = {"brand": brand.key, "version": theirs.key}
    assert lead_client.post("/settings/model/back", data=crossed).status_code == 404
    assert other_brand.name not in lead_client.get(f"/settings/model?brand={other_brand.key}").text


def test_two_tags_become_one(lead_client: TestClient, database: Database, brand: Brand) -> None:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        old, new = (tag.get_or_create(unit, brand.pk, name) for name in ("matsuri", "festival"))
        refund = tag.get_or_create(unit, brand.pk, "refund")
    assert "Put it into another tag" in lead_client.get(f"/settings/tags/{old.key}").text
    url = f"/settings/tags/{old.key}/merge"
    assert lead_client.post(url, data={"into": old.key}).status_code == 422
    assert lead_client.post(url, data={"into": new.key}).status_code == 303
    assert "matsuri" not in {one.name for one in rows(database, Tag)}
    kept = lead_client.post(f"/settings/tags/{refund.key}/merge", data={"into": new.key})
    assert kept.status_code == 409

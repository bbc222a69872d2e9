from __future__ import annotations

import re
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


def result(lost: int = 0) -> dict[str, Any]:
    """What a trial says."""
    moved = {"n": 40, "lost": lost, "won": 0, "tags": {"refund": {"lost": lost, "won": 0}}}
    return {
        "rows": 100, "own_rows": 12, "data_hash": "d", "tags": ["refund"],
        "before": {"ja": {**FIGURES, "top1": 0.74}, "en": {"n": 0}},
        "figures": {"ja": FIGURES, "en": {"n": 0}},
        "changes": {"ja": moved, "en": {"n": 0, "lost": 0, "won": 0, "tags": {}}},
    }  # fmt: skip


def serve(database: Database, brand: Brand, artifact: str, *, lost: int = 0) -> ModelVersion:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
        asked = versions.ask(unit, brand.pk, by=None)
        versions.claim(unit)
        versions.finish(unit, asked, result(lost), artifact)
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


def test_without_a_brands_own_the_builtin_models_figures_are_shown(
    lead_client: TestClient, brand: Brand
) -> None:
    text = lead_client.get("/settings/model").text
    assert "Tag by tag" in text and "Built-in model" in text
    assert 'id="ct-ja"' in text and 'id="ct-en"' in text and "<desc" in text


def test_tags_are_ordered_as_asked(
    lead_client: TestClient, database: Database, brand: Brand, files: Files
) -> None:
    serve(database, brand, files.put(classifiers.BUILTIN.read_bytes()))
    for order, pressed in (("need", "Mistakes"), ("name", "Tag"), ("ja", "F1"), ("nonsense", "Mistakes")):
        text = lead_client.get(f"/settings/model?order={order}").text
        assert re.findall(r'class="sorts"[^>]*aria-current="true">(\w+)', text) == [pressed]


def test_what_changed_is_told_against_the_model_before(
    lead_client: TestClient, database: Database, brand: Brand, files: Files
) -> None:
    serve(database, brand, files.put(classifiers.BUILTIN.read_bytes()))
    text = lead_client.get("/settings/model").text
    assert "What version 1 changed" in text and "40 messages asked" in text
    assert "No longer known" in text  # this model knows one tag alone


def test_progress_alone_while_nothing_else_changed_else_all_of_the_page(
    lead_client: TestClient, database: Database, brand: Brand, files: Files
) -> None:
    with database.write() as unit:
        row = versions.ask(unit, brand.pk, by=None)
        versions.claim(unit)
        versions.advance(unit, row.pk, row.lease_until, 30)
    address, asks = f"/settings/model/now?brand={brand.key}&seen=", {"HX-Request": "true"}
    part = lead_client.get(f"{address}0.1", headers=asks)
    assert "HX-Retarget" not in part.headers and 'value="30"' in part.text and "h-versions" not in part.text
    with database.write() as unit:
        row = unit.session.get_one(ModelVersion, row.pk)
        versions.finish(unit, row, result(), files.put(classifiers.BUILTIN.read_bytes()))
    whole = lead_client.get(f"{address}0.1", headers=asks)
    assert whole.headers["HX-Retarget"] == "#model" and "h-versions" in whole.text
    assert "Version 1 serves" in whole.text and "<nav" not in whole.text


def test_going_back_is_shown_before_it_is_done(
    lead_client: TestClient, database: Database, brand: Brand, other_brand: Brand, files: Files
) -> None:
    first = serve(database, brand, files.put(classifiers.BUILTIN.read_bytes()))
    serve(database, brand, files.put(b"another"))
    address = f"/settings/model/back?brand={brand.key}&version={first.key}"
    page = lead_client.get(address)
    assert "Go back to version 1?" in page.text and "the same messages" in page.text
    assert states(database) == ["retired", "active"]
    dialog = lead_client.get(address, headers={"HX-Request": "true"}).text
    assert "<form" in dialog and "<html" not in dialog
    assert "Back to the built-in model?" in lead_client.get(f"/settings/model/back?brand={brand.key}").text
    theirs = serve(database, other_brand, "c")
    assert lead_client.get(f"/settings/model/back?brand={brand.key}&version={theirs.key}").status_code == 404


def test_any_two_are_compared(
    lead_client: TestClient, database: Database, brand: Brand, client: TestClient
) -> None:
    assert "Built-in model" in lead_client.get("/settings/model/compare").text
    serve(database, brand, "a")
    serve(database, brand, "b", lost=9)
    here = f"/settings/model/compare?brand={brand.key}"
    newest = lead_client.get(here).text
    assert re.findall(r"<option[^>]*selected>([^<]*)", newest) == ["Version 1", "Version 2"]
    chosen = lead_client.get(f"{here}&a=0&b=1").text
    assert re.findall(r"<option[^>]*selected>([^<]*)", chosen) == ["Built-in model", "Version 1"]
    assert "F1 of every tag" in chosen
    assert lead_client.get(f"{here}&a=99&b=x").status_code == 200
    assert client.get(here).status_code == 403


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

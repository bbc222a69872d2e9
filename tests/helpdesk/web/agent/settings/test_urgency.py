"""What urgency weighs: shown, tried, saved, and only by those who may."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from starlette.testclient import TestClient

from helpdesk.models import AuditEntry, Brand
from helpdesk.store.db import Database
from helpdesk.triage import weights
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import only, rows

HERE = "/settings/urgency"
USUAL = {name: str(points) for name, points in asdict(weights.USUAL).items()}


def test_the_page_shows_the_weights_and_the_queue(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    ticket = add_ticket(database, brand, text_reasons=[{"code": "cue:legal", "points": 18}])
    page = lead_client.get(HERE).text
    assert f"#{ticket.number}" in page and "legal steps +18" in page
    assert 'name="vip"' in page and "The queue now" in page


def test_trying_shows_the_queue_and_keeps_nothing(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    quiet = add_ticket(database, brand, text_reasons=[{"code": "text:grade", "points": 20}])
    loud = add_ticket(database, brand, text_reasons=[{"code": "sentiment:angry", "points": 16}])
    page = lead_client.post(f"{HERE}/preview", data={**USUAL, "brand": brand.key, "mood": "200"})
    assert page.status_code == 200
    table = page.text.split('id="what-if"')[1]
    assert "What if" in table and "2 tickets would move" in table
    assert table.index(f"#{loud.number}") < table.index(f"#{quiet.number}")
    assert 'value="200"' in page.text
    assert only(database, Brand).urgency_weights == {}
    again = lead_client.post(
        f"{HERE}/preview", data={**USUAL, "brand": brand.key, "mood": "200", "do": "usual"}
    )
    assert 'value="200"' not in again.text and "The queue now" in again.text


def test_saving_keeps_what_differs_and_tells_the_log(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    answer = lead_client.post(HERE, data={**USUAL, "brand": brand.key, "vip": "20"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?brand={brand.key}")
    assert only(database, Brand).urgency_weights == {"vip": 20}
    (entry,) = [one for one in rows(database, AuditEntry) if one.name == "urgency_weighed"]
    assert (entry.brand_id, entry.data) == (brand.pk, {"vip": [8, 20]})
    lead_client.post(HERE, data={**USUAL, "brand": brand.key, "vip": "20"})
    assert len([one for one in rows(database, AuditEntry) if one.name == "urgency_weighed"]) == 1


@pytest.mark.parametrize("path", [HERE, f"{HERE}/preview"])
def test_what_is_out_of_reach_is_said_beside_its_field(
    lead_client: TestClient, database: Database, brand: Brand, path: str
) -> None:
    answer = lead_client.post(path, data={**USUAL, "brand": brand.key, "vip": "41"})
    assert answer.status_code == 422
    assert "A whole number from 0 to 40." in answer.text
    assert only(database, Brand).urgency_weights == {}


def test_agents_without_the_right_and_other_brands_are_out_of_reach(
    client: TestClient, lead_client: TestClient, database: Database, brand: Brand, other_brand: Brand
) -> None:
    assert client.get(HERE).status_code == 403
    assert client.post(HERE, data={**USUAL, "brand": brand.key}).status_code == 403
    hidden = add_ticket(database, other_brand)
    answer = lead_client.post(HERE, data={**USUAL, "brand": other_brand.key, "vip": "20"})
    assert answer.status_code == 404
    page = lead_client.post(f"{HERE}/preview", data={**USUAL, "brand": other_brand.key})
    assert hidden.key not in page.text and other_brand.name not in page.text
    assert all(one.urgency_weights == {} for one in rows(database, Brand))


def test_a_brand_sets_its_reply_target(lead_client: TestClient, database: Database, brand: Brand) -> None:
    assert 'name="reply_hours"' in lead_client.get(HERE).text
    lead_client.post(HERE, data={**USUAL, "brand": brand.key, "reply_hours": "4", "due": "15"})
    assert only(database, Brand).urgency_weights == {"reply_hours": 4, "due": 15}
    refused = lead_client.post(HERE, data={**USUAL, "brand": brand.key, "reply_hours": "337"})
    assert refused.status_code == 422

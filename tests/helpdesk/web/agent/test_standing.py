"""Why a ticket stands where it stands, for leads."""

from __future__ import annotations

from starlette.testclient import TestClient

from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket


def test_a_ticket_is_compared_with_the_one_above_it(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    first = add_ticket(database, brand, urgency=70, urgency_reasons=[{"code": "cue:legal", "points": 70}])
    second = add_ticket(database, brand, urgency=30, urgency_reasons=[{"code": "vip", "points": 30}])
    page = lead_client.get(f"/tickets/{second.key}/standing").text
    assert "place 2" in page and "It has 40 points more." in page
    assert f"Why #{first.number} stands above #{second.number}" in page
    assert "legal steps" in page and "+70" in page and "−30" in page
    assert f"/tickets/{second.key}/standing" in lead_client.get(f"/tickets/{second.key}").text


def test_any_other_is_found_by_its_number(lead_client: TestClient, database: Database, brand: Brand) -> None:
    one = add_ticket(database, brand, urgency=50, waited=30)
    older = add_ticket(database, brand, urgency=50, waited=90)
    closed = add_ticket(database, brand, urgency=90, status="closed")
    page = lead_client.get(f"/tickets/{one.key}/standing?with=%23{older.number}").text
    assert f"Why #{older.number} stands above #{one.number}" in page and "has waited longer" in page
    assert "Only tickets that wait" not in page
    page = lead_client.get(f"/tickets/{one.key}/standing?with={closed.number}").text
    assert "Only tickets that wait" in page


def test_what_is_not_there_is_said_and_other_brands_are_not_there(
    lead_client: TestClient, client: TestClient, database: Database, brand: Brand, other_brand: Brand
) -> None:
    one, hidden = add_ticket(database, brand), add_ticket(database, other_brand)
    for named in ("999999999", hidden.key, one.key, "²", "no such"):
        answer = lead_client.get(f"/tickets/{one.key}/standing", params={"with": named})
        assert answer.status_code == 404
        assert "There is no such ticket" in answer.text and hidden.subject not in answer.text
    assert lead_client.get(f"/tickets/{hidden.key}/standing").status_code == 404
    assert client.get(f"/tickets/{one.key}/standing").status_code == 403
    assert "/standing" not in client.get(f"/tickets/{one.key}").text


def test_what_customers_wrote_is_only_shown(
    lead_client: TestClient, database: Database, brand: Brand
) -> None:
    name = "<script>alert(1)</script>"
    add_ticket(database, brand, subject=name, name=name, urgency=9)
    one = add_ticket(database, brand, urgency=3)
    assert name not in lead_client.get(f"/tickets/{one.key}/standing").text
    assert name not in lead_client.get("/settings/urgency").text

"""A ticket's tags as the classifier gave them: suggestions, why, and one word on each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import Brand, Correction, Tag, TagAlias, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.helpdesk.desk import add_message, add_ticket, put_tag

HTMX = {"HX-Request": "true"}
TEXT = "返金してください。注文をキャンセルしたいです。"


@pytest.fixture
def ticket(database: Database, brand: Brand) -> Ticket:
    with database.write() as unit:
        tag.ensure_tags(unit, unit.session.get_one(Brand, brand.pk))
    found = add_ticket(database, brand)
    add_message(database, found, TEXT)
    _tag(database, found, "refund", 0.91)
    return found


def _tag(database: Database, ticket: Ticket, name: str, score: float | None) -> None:
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        tag.add(unit, row, name, by=None, source="auto" if score else "agent", score=score)


def taught(database: Database) -> list[tuple[str, str]]:
    with database.read() as unit:
        return [(one.kind, one.value) for one in unit.session.exec(select(Correction))]


def undo_of(answer: Any) -> str:
    return str(json.loads(answer.headers["hx-trigger"])["notice"]["action"]["url"])


def test_why_a_tag_is_shown_with_its_words_and_the_model(client: TestClient, ticket: Ticket) -> None:
    page = client.get(f"/tickets/{ticket.key}/tags/refund/why")
    assert "<mark>返金" in page.text and "Built-in model" in page.text and "set from" in page.text
    part = client.get(f"/tickets/{ticket.key}/tags/refund/why", headers=HTMX).text
    assert "<mark>返金" in part and "<html" not in part


def test_what_a_customer_wrote_is_only_shown(client: TestClient, database: Database, brand: Brand) -> None:
    found = add_ticket(database, brand)
    add_message(database, found, "<b>返金</b>してください <script>alert(1)</script>")
    put_tag(database, found, "refund", score=0.9)
    page = client.get(f"/tickets/{found.key}/tags/refund/why", headers=HTMX).text
    assert "返金" in page and "<b>返金" not in page and "<script>alert" not in page


def test_the_page_suggests_what_is_likely_and_not_on_it(client: TestClient, ticket: Ticket) -> None:
    page = client.get(f"/tickets/{ticket.key}", headers=HTMX).text
    zone = page.partition('aria-label="Suggested tags"')[2].partition("</ul>")[0]
    assert 'data-tag="cancel_order"' in zone and 'data-tag="refund"' not in zone
    assert zone.count("<li") <= 3


def test_nothing_is_suggested_where_nothing_is_to_be_decided(
    client: TestClient, database: Database, ticket: Ticket
) -> None:
    with database.write() as unit:
        unit.session.get_one(Ticket, ticket.pk).status = "closed"
    assert "Suggested tags" not in client.get(f"/tickets/{ticket.key}", headers=HTMX).text


def test_a_refused_suggestion_does_not_come_again_until_it_is_taken_back(
    client: TestClient, database: Database, ticket: Ticket
) -> None:
    answer = client.post(f"/tickets/{ticket.key}/tags/cancel_order/remove", headers=HTMX)
    assert 'data-tag="cancel_order"' not in answer.text
    assert taught(database) == [("tag_removed", "cancel_order")]
    answer = client.post(undo_of(answer), headers=HTMX)
    assert 'data-tag="cancel_order"' in answer.text and taught(database) == []


def test_an_accepted_tag_has_no_question_any_more(
    client: TestClient, database: Database, ticket: Ticket
) -> None:
    def chip(text: str) -> str:
        return text.partition('data-tag="refund"')[2].partition("</li>")[0]

    assert "/refund/accept" in chip(client.get(f"/tickets/{ticket.key}", headers=HTMX).text)
    answer = client.post(f"/tickets/{ticket.key}/tags/refund/accept", headers=HTMX)
    assert "/refund/accept" not in chip(answer.text) and "/refund/remove" in chip(answer.text)
    assert taught(database) == [("tag_confirmed", "refund")]
    answer = client.post(undo_of(answer), headers=HTMX)
    assert "/refund/accept" in chip(answer.text)


def test_a_tag_with_a_slash_has_its_own_addresses(
    client: TestClient, database: Database, ticket: Ticket
) -> None:
    _tag(database, ticket, "gift/wrap why", None)
    page = client.get(f"/tickets/{ticket.key}", headers=HTMX).text
    assert "/tags/gift%2Fwrap%20why/remove" in page
    assert client.get(f"/tickets/{ticket.key}/tags/gift%2Fwrap%20why/why").status_code == 200
    answer = client.post(f"/tickets/{ticket.key}/tags/gift%2Fwrap%20why/remove", headers=HTMX)
    assert answer.status_code == 200 and 'data-tag="gift/wrap why"' not in answer.text


def test_a_merged_tag_is_explained_by_what_the_model_calls_it(
    client: TestClient, database: Database, ticket: Ticket, brand: Brand
) -> None:
    with database.write() as unit:
        unit.session.add(TagAlias(brand_id=brand.pk, name="refund", into="money", created_at=unit.now))
        row = unit.session.exec(select(Tag).where(Tag.brand_id == brand.pk, Tag.name == "refund")).one()
        row.name = "money"
    assert "<mark>返金" in client.get(f"/tickets/{ticket.key}/tags/money/why").text


def test_risks_are_shown_and_explained(client: TestClient, database: Database, ticket: Ticket) -> None:
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        row.sentiment, row.text_reasons = "threat", [{"code": "cue:legal", "points": 9}]
    add_message(database, ticket, "弁護士に相談します。", ago=1)
    page = client.get(f"/tickets/{ticket.key}", headers=HTMX).text
    assert f"/tickets/{ticket.key}/risks/threat" in page and "/risks/safety" not in page
    assert "<mark>弁護士" in client.get(f"/tickets/{ticket.key}/risks/threat").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tags/refund/why"),
        ("GET", "/risks/angry"),
        ("GET", "/mentions"),
        ("POST", "/tags/refund/accept"),
        ("POST", "/verdicts/1/undo"),
    ],
)
def test_another_brands_ticket_is_not_there(
    client: TestClient, database: Database, other_brand: Brand, method: str, path: str
) -> None:
    hidden = add_ticket(database, other_brand)
    put_tag(database, hidden, "refund", score=0.9)
    assert client.request(method, f"/tickets/{hidden.key}{path}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tags/nothing/why"),
        ("GET", "/risks/nothing"),
        ("POST", "/tags/nothing/accept"),
        ("POST", "/tags/nothing/remove"),
        ("POST", "/verdicts/999/undo"),
    ],
)
def test_what_is_not_there_is_said(client: TestClient, ticket: Ticket, method: str, path: str) -> None:
    assert client.request(method, f"/tickets/{ticket.key}{path}").status_code == 404

"""Brands, agents, quarantine and points: each a list and what is done to one of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from helpdesk import mailboxes
from helpdesk.intake import journal
from helpdesk.models import (
    Agent,
    AuditEntry,
    Brand,
    Customer,
    InboundEvent,
    PointsEntry,
    PointsRequest,
    Ticket,
)
from helpdesk.people import accounts, sign_in
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal

BRAND = {
    "name": "青葉商店",
    "language": "ja",
    "timezone": "Asia/Tokyo",
    "currency": "JPY",
    "url": "https://aoba.example",
    "hours_ja": "平日 10:00〜18:00",
    "hours_en": "",
    "signature_ja": "青葉商店\nhttps://aoba.example",
    "return_days": "",
    "free_shipping_from": "8000",
    "ship_cutoff_hour": "15",
    "reopen_days": "30",
    "points_per_grant": "500",
    "points_agent_day": "2000",
    "points_customer_90d": "1000",
}


def test_a_brand_is_saved(admin_client: TestClient, brand: Brand, database: Database) -> None:
    assert admin_client.post(f"/settings/brands/{brand.key}", data=BRAND).status_code == 303
    with database.read() as unit:
        found = unit.session.get_one(Brand, brand.pk)
    assert (found.return_days, found.free_shipping_from, found.points_per_grant) == (None, 8000, 500)
    assert found.signatures == {"ja": "青葉商店\nhttps://aoba.example"}
    assert found.support_hours == {"ja": "平日 10:00〜18:00"}


@pytest.mark.parametrize("ticked", [True, False])
def test_a_brand_hides_private_numbers_unless_it_wants_to_see_them(
    admin_client: TestClient, brand: Brand, database: Database, ticked: bool
) -> None:
    address, given = f"/settings/brands/{brand.key}", {"hide_numbers": "1"} if ticked else {}
    assert brand.hide_numbers
    assert admin_client.post(address, data={**BRAND, **given}).status_code == 303
    with database.read() as unit:
        assert unit.session.get_one(Brand, brand.pk).hide_numbers is ticked
    assert ('name="hide_numbers" value="1" checked' in admin_client.get(address).text) is ticked


@pytest.mark.parametrize("wish", ["linked", "off", "one"])
def test_what_becomes_of_one_question_on_two_channels_is_a_brands_choice(
    admin_client: TestClient, brand: Brand, database: Database, wish: str
) -> None:
    address = f"/settings/brands/{brand.key}"
    assert admin_client.post(address, data={**BRAND, "same_question": wish}).status_code == 303
    with database.read() as unit:
        assert unit.session.get_one(Brand, brand.pk).same_question == wish
    assert f'<option value="{wish}" selected>' in admin_client.get(address).text
    with database.read() as unit:
        told = unit.session.scalars(select(AuditEntry.data).where(AuditEntry.name == "brand_changed")).one()
    assert told.get("same_question") == (None if wish == "one" else ["one", wish])


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"currency": "XXX1"},
        {"url": "javascript:alert(1)"},
        {"return_days": "-1"},
        {"same_question": "guess"},
        {"ship_cutoff_hour": "24"},
    ],
)
def test_a_wrong_brand_is_refused(admin_client: TestClient, brand: Brand, wrong: dict[str, str]) -> None:
    assert admin_client.post(f"/settings/brands/{brand.key}", data={**BRAND, **wrong}).status_code == 422


def test_a_brand_can_be_added(admin_client: TestClient, database: Database) -> None:
    answer = admin_client.post("/settings/brands", data={"name": "North & Oak"})
    assert "North &amp; Oak" in admin_client.get(answer.headers["location"]).text


def test_a_new_agent_signs_in_with_the_password_shown(
    admin_client: TestClient, browser: Callable[..., TestClient], brand: Brand, database: Database
) -> None:
    form = {
        "name": "Ren",
        "email": "ren@example.com",
        "role": "agent",
        "language": "en",
        "brands": str(brand.pk),
    }
    page = admin_client.post("/settings/agents", data=form).text
    password = page.split('<code class="big">')[1].split("<")[0]
    client = browser()
    assert client.post("/login", data={"email": "ren@example.com", "password": password}).status_code == 303
    with database.read() as unit:
        found = accounts.find_by_email(unit, "ren@example.com")
        assert found and sign_in.access_of(unit, found).brand_ids == (brand.pk,)


@pytest.mark.parametrize(
    "wrong", [{"email": "ren"}, {"name": ""}, {"role": "owner"}, {"email": "adam@example.com"}]
)
def test_a_wrong_agent_is_refused(admin_client: TestClient, wrong: dict[str, str]) -> None:
    form = {"name": "Ren", "email": "ren@example.com", "role": "agent", "language": "en"}
    assert admin_client.post("/settings/agents", data={**form, **wrong}).status_code == 422


def test_the_last_administrator_stays_one(admin_client: TestClient, admin: Agent, database: Database) -> None:
    form = {"name": admin.name, "role": "agent", "active": "1"}
    assert admin_client.post(f"/settings/agents/{admin.key}", data=form).status_code == 409
    with database.read() as unit:
        assert accounts.get_by_id(unit, admin.pk).role == "admin"


def test_a_password_made_anew_closes_the_old_door(
    admin_client: TestClient, client: TestClient, agent: Agent
) -> None:
    assert client.get("/settings").status_code == 200
    assert admin_client.post(f"/settings/agents/{agent.key}/password").status_code == 200
    assert client.get("/settings").status_code == 303


@pytest.fixture
def held(database: Database, brand: Brand, seal: Seal) -> InboundEvent:
    with database.write() as unit:
        account = mailboxes.add(unit, seal, brand_id=brand.pk, address="support@aoba.example")
        event = journal.record(
            unit, account, b"From: x@example.com\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n\r\nhello"
        )
        assert event
        journal.quarantine(unit, event, "LookupError: unknown encoding")
    return event


def test_quarantine_shows_what_can_be_read_and_why(lead_client: TestClient, held: InboundEvent) -> None:
    page = lead_client.get("/settings/quarantine").text
    for words in ("Café", "x@example.com", "LookupError: unknown encoding"):
        assert words in page


def test_quarantine_gives_the_raw_bytes_back(lead_client: TestClient, held: InboundEvent) -> None:
    answer = lead_client.get(f"/settings/quarantine/{held.key}/raw")
    assert answer.content == held.raw
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("which", ["one", "all"])
def test_a_held_message_is_queued_again(
    lead_client: TestClient, held: InboundEvent, database: Database, which: str
) -> None:
    path = f"/settings/quarantine/{held.key}/retry" if which == "one" else "/settings/quarantine/retry"
    assert lead_client.post(path).status_code == 303
    with database.read() as unit:
        assert unit.session.get_one(InboundEvent, held.pk).state == "queued"


def test_another_brands_quarantine_is_not_there(
    lead_client: TestClient, held: InboundEvent, other_brand: Brand, database: Database
) -> None:
    with database.write() as unit:
        unit.session.get_one(InboundEvent, held.pk).brand_id = other_brand.pk
    assert "Café" not in lead_client.get("/settings/quarantine").text
    assert lead_client.get(f"/settings/quarantine/{held.key}/raw").status_code == 404
    lead_client.post("/settings/quarantine/retry")
    with database.read() as unit:
        assert unit.session.get_one(InboundEvent, held.pk).state == "quarantined"


@pytest.fixture
def asked(database: Database, brand: Brand, agent: Agent) -> PointsRequest:
    with database.write() as unit:
        customer = Customer(brand_id=brand.pk, name="佐藤 由美", created_at=unit.now)
        unit.session.add(customer)
        unit.session.flush()
        ticket = Ticket(
            brand_id=brand.pk,
            number=1,
            customer_id=customer.pk,
            channel="email",
            last_message_at=unit.now,
            created_at=unit.now,
            updated_at=unit.now,
        )
        unit.session.add(ticket)
        unit.session.flush()
        request = PointsRequest(
            brand_id=brand.pk,
            customer_id=customer.pk,
            ticket_id=ticket.pk,
            agent_id=agent.pk,
            amount=3000,
            reason="late parcel",
            limit="per_grant",
            idempotency_key="k",
            created_at=unit.now,
        )
        unit.session.add(request)
        unit.session.flush()
    return request


@pytest.mark.parametrize(("answer", "granted"), [("approve", [3000]), ("refuse", [])])
def test_a_lead_answers_a_request_for_points(
    lead_client: TestClient, asked: PointsRequest, database: Database, answer: str, granted: list[int]
) -> None:
    page = lead_client.get("/settings/points").text
    assert "3,000" in page
    assert "late parcel" in page
    assert lead_client.post(f"/settings/points/{asked.key}/{answer}").status_code == 303
    with database.read() as unit:
        assert [entry.amount for entry in unit.session.scalars(select(PointsEntry))] == granted
    assert lead_client.post(f"/settings/points/{asked.key}/{answer}").status_code == 409


def test_the_overview_counts_what_waits_for_somebody(
    lead_client: TestClient, held: InboundEvent, asked: PointsRequest
) -> None:
    page = lead_client.get("/settings").text
    assert page.count('class="tag tag-red">1<') == 1
    assert page.count('class="tag tag-amber">1<') == 1


def test_a_message_that_its_server_holds_back_is_asked_for_by_the_mailbox_alone(
    lead_client: TestClient, held: InboundEvent, database: Database
) -> None:
    with database.write() as unit:
        event = unit.session.get_one(InboundEvent, held.pk)
        event.meta, event.raw = {"unfetched": True}, b""
    page = lead_client.get("/settings/quarantine").text
    assert "asks for it again" in page
    assert "/retry" not in page
    assert lead_client.post(f"/settings/quarantine/{held.key}/retry").status_code == 409
    lead_client.post("/settings/quarantine/retry")
    with database.read() as unit:
        assert unit.session.get_one(InboundEvent, held.pk).state == "quarantined"


def test_the_reason_is_told_in_the_readers_language_and_as_plain_text(
    browser: Callable[..., TestClient],
    make_agent: Callable[..., Agent],
    held: InboundEvent,
    database: Database,
) -> None:
    reader = browser(make_agent("花子", role="lead", language="ja", email="hanako@example.com"))
    for reason, said in (("Not sent", "送信できませんでした"), ("<b>98%(high)", "&lt;b&gt;98%(high)")):
        with database.write() as unit:
            unit.session.get_one(InboundEvent, held.pk).reason = reason
        assert said in reader.get("/settings/quarantine").text

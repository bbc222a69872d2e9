"""Perhaps the same person: asked with evidence, refused, asked again; an address of several suggests nothing."""

from __future__ import annotations

import json

from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.customers import suggest
from helpdesk.models import (
    Agent,
    AuditEntry,
    Brand,
    Customer,
    Identity,
    MergeSuggestion,
    SharedSender,
    Ticket,
)
from helpdesk.store.db import Database
from tests.helpdesk.desk import customer_of
from tests.helpdesk.stories import only, rows

HTMX = {"HX-Request": "true"}


def test_the_panel_asks_with_its_evidence(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    mail, line = pair
    panel = client.get(f"/tickets/{line.key}/panel").text
    assert "Perhaps the same person" in panel
    assert "is named in a message" in panel
    assert f"/customers/{customer_of(database, mail).key}" in panel
    assert "U4af49" not in panel  # a key of the provider says nothing to anybody
    assert "Perhaps the same person" in client.get(f"/tickets/{mail.key}/panel").text


def test_a_rejected_suggestion_is_gone_for_good_unless_it_was_a_slip(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    asked = only(database, MergeSuggestion)
    back = f"/tickets/{pair[1].key}"
    answer = client.post(f"/customers/suggestions/{asked.key}/reject", data={"back": back}, headers=HTMX)
    assert answer.headers["hx-redirect"] == back
    assert "Perhaps" not in client.get(f"/tickets/{pair[1].key}/panel").text
    assert "Perhaps" not in client.get(f"/tickets/{pair[0].key}/panel").text
    with database.write() as unit:
        assert suggest.look(unit, unit.session.get_one(Customer, pair[1].customer_id)) == []
    assert client.post(f"/customers/suggestions/{asked.key}/reject", headers=HTMX).status_code == 409
    undo = json.loads(answer.headers["hx-trigger"])["notice"]["action"]["url"]
    assert client.post(undo, headers=HTMX).headers["hx-redirect"] == back
    assert "Perhaps" in client.get(f"/tickets/{pair[1].key}/panel").text


def test_a_refusal_and_its_taking_back_are_both_told_in_the_audit_log(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket], agent: Agent
) -> None:
    asked = only(database, MergeSuggestion)
    for step in ("reject", "ask", "ask"):  # the second click on Undo changes nothing
        assert client.post(f"/customers/suggestions/{asked.key}/{step}").status_code == 303
    told = rows(database, AuditEntry)
    assert [(one.name, one.agent_id, one.brand_id) for one in told if one.name.startswith("sugg")] == [
        (name, agent.pk, asked.brand_id) for name in ("suggestion_rejected", "suggestion_asked_again")
    ]
    assert told[-1].data.keys() == {"one", "other"}
    assert only(database, MergeSuggestion).state == "open"


def test_the_way_back_leads_nowhere_else(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    asked = only(database, MergeSuggestion)
    for back in ("https://evil.example/", "//evil.example", "/logout", "/tickets/../logout"):
        answer = client.post(f"/customers/suggestions/{asked.key}/ask", data={"back": back})
        assert answer.headers["location"] == "/customers/merges"


def test_the_page_of_questions_lists_those_of_my_brands(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    assert "is named in a message" in client.get("/customers/merges").text
    with database.write() as unit:
        asked = unit.session.exec(select(MergeSuggestion)).one()
        asked.brand_id = other_brand.pk
    assert "Nobody to decide about" in client.get("/customers/merges").text
    assert client.post(f"/customers/suggestions/{asked.key}/reject", headers=HTMX).status_code == 404


def test_an_address_of_several_people_suggests_nothing_until_it_is_ones_again(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this = customer_of(database, pair[0])
    own = next(one for one in rows(database, Identity) if one.customer_id == this.pk)
    client.post(f"/customers/{this.key}/shared", data={"identity": own.pk, "on": "1"})
    assert "Perhaps" not in client.get(f"/tickets/{pair[1].key}/panel").text
    assert "several people" in client.get(f"/customers/{this.key}").text
    listed = client.get("/settings/shared").text
    assert own.value in listed
    row = only(database, SharedSender)
    assert client.post(f"/settings/shared/{row.key}/remove").status_code == 303
    assert rows(database, SharedSender) == []
    with database.write() as unit:
        assert suggest.look(unit, unit.session.get_one(Customer, pair[1].customer_id))


def test_shared_addresses_are_taken_by_hand_and_nonsense_is_not(
    database: Database, client: TestClient
) -> None:
    for given in ("Form@Shop.example", "form@shop.example", "03-1234-5678"):
        assert client.post("/settings/shared", data={"address": given}).status_code == 303
    assert {(one.kind, one.value) for one in rows(database, SharedSender)} == {
        ("email", "form@shop.example"),
        ("phone", "+81312345678"),
    }
    for given in ("nobody", "@shop.example", "12", ""):
        assert client.post("/settings/shared", data={"address": given}).status_code == 422

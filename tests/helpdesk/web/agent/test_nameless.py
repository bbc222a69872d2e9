"""Somebody without a name is called by what is known of them, on every page that says who wrote."""

from __future__ import annotations

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import Brand, Customer, Identity, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket, customer_of

NUMBER = "090-1234-5678"


@pytest.fixture
def caller(database: Database, brand: Brand) -> Ticket:
    """Rang up; nobody has asked for the name yet."""
    ticket = add_ticket(database, brand, channel="phone")
    add_message(database, ticket, "", channel="phone", sender={"name": "", "address": NUMBER})
    with database.write() as unit:
        unit.session.get_one(Customer, ticket.customer_id).name = ""
        known = unit.session.exec(select(Identity).where(Identity.customer_id == ticket.customer_id)).one()
        known.kind, known.value, known.shown = "phone", "09012345678", NUMBER
    return ticket


def test_a_caller_without_a_name_is_called_by_their_number(
    database: Database, client: TestClient, caller: Ticket
) -> None:
    customer = customer_of(database, caller)
    for path in ("/", f"/tickets/{caller.key}", f"/tickets/{caller.key}/panel", f"/customers/{customer.key}"):
        page = client.get(path).text
        assert NUMBER in page and "Unknown" not in page, path
    with database.write() as unit:
        unit.session.get_one(Customer, customer.pk).name = "佐藤 花子"
    assert "佐藤 花子" in client.get("/").text and NUMBER not in client.get("/").text


def test_who_withholds_the_number_is_unknown(database: Database, client: TestClient, caller: Ticket) -> None:
    with database.write() as unit:
        known = unit.session.exec(select(Identity).where(Identity.customer_id == caller.customer_id)).one()
        known.kind, known.value, known.shown = "call", "withheld-7", "withheld-7"
    page = client.get("/").text
    assert "Unknown" in page and "withheld" not in page

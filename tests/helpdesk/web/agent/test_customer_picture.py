"""A customer's picture comes from our own store, to those alone who may see the customer."""

from __future__ import annotations

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import Brand, ChannelAccount, Contact, Ticket
from helpdesk.simulate.face import face
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from tests.helpdesk.desk import add_message, add_ticket, customer_of


def show_face(database: Database, files: Files, ticket: Ticket) -> bytes:
    """Their newest at a provider."""
    with database.write() as unit:
        account = ChannelAccount(brand_id=ticket.brand_id, kind="line", address="L", created_at=unit.now)
        unit.session.add(account)
        unit.session.flush()
        contact = Contact(
            brand_id=ticket.brand_id,
            account_id=account.pk,
            address="U1",
            customer_id=ticket.customer_id,
            picture=files.put(face("U1")),
            profile_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(contact)
    return face("U1")


def test_the_picture_stands_on_the_customers_page_and_beside_the_ticket(
    database: Database, brand: Brand, files: Files, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    key = customer_of(database, ticket).key
    assert f"/customers/{key}/picture" not in client.get(f"/customers/{key}").text
    assert client.get(f"/customers/{key}/picture").status_code == 404
    content = show_face(database, files, ticket)
    assert f'src="/customers/{key}/picture?v=' in client.get(f"/customers/{key}").text
    got = client.get(f"/customers/{key}/picture")
    assert (got.content, got.headers["content-type"]) == (content, "image/png")
    assert "sandbox" in got.headers["content-security-policy"]


def test_a_new_picture_is_seen_soon_and_the_same_one_not_sent_again(
    database: Database, brand: Brand, files: Files, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    show_face(database, files, ticket)
    url = f"/customers/{customer_of(database, ticket).key}/picture"
    first = client.get(url)
    assert first.headers["cache-control"] == "private, max-age=300"
    known = {"if-none-match": first.headers["etag"]}
    again = client.get(url, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    other = face("U2")
    with database.write() as unit:
        unit.session.exec(select(Contact)).one().picture = files.put(other)
    assert client.get(url, headers=known).content == other
    with database.write() as unit:
        unit.session.exec(select(Contact)).one().picture = ""
    assert client.get(url, headers=known).status_code == 404


def test_nobody_of_another_brand_gets_it(
    database: Database, other_brand: Brand, files: Files, client: TestClient
) -> None:
    ticket = add_ticket(database, other_brand)
    show_face(database, files, ticket)
    assert client.get(f"/customers/{customer_of(database, ticket).key}/picture").status_code == 404


@pytest.mark.parametrize(
    ("said", "means"),
    [("WhatsApp 400: 131047 Re-engagement message", "free answers is over"), ("WhatsApp 400: 5 New", "")],
)
def test_a_refused_answer_says_what_that_means_and_what_was_said(
    database: Database, brand: Brand, client: TestClient, said: str, means: str
) -> None:
    ticket = add_ticket(database, brand, channel="whatsapp")
    add_message(database, ticket, "お答え", direction="out", channel="whatsapp", state="failed", failure=said)
    page = client.get(f"/tickets/{ticket.key}").text
    assert f"<q>{said}</q>" in page
    assert means in page

"""Blocked senders: kept, out of sight, and let in again."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, BlockedSender, Brand, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import block
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

HTMX = {"HX-Request": "true", "HX-Target": "head"}


def shut(database: Database, brand: Brand, kind: str, value: str) -> BlockedSender:
    with database.write() as unit:
        return block.block(unit, brand.pk, kind, value, by=None)


def test_blocking_from_a_ticket_keeps_what_comes_later_in_spam(
    database: Database, ticket: Ticket, client: TestClient, deliver: Deliver
) -> None:
    assert "hanako@example.jp" in client.get(f"/tickets/{ticket.key}/block").text
    client.post(f"/tickets/{ticket.key}/block", data={"what": "address"}, headers=HTMX)
    deliver("また送ります", message_id="<two@x.jp>", in_reply_to="<first@example.jp>")
    deliver("別件です", message_id="<three@x.jp>")
    assert {one.status for one in rows(database, Ticket)} == {"spam"}
    assert len(rows(database, Message)) == 3
    for one in rows(database, Ticket):
        assert one.key in client.get("/?view=spam").text
        assert one.key not in client.get("/").text


def test_a_blocked_sender_wakes_no_open_ticket(
    database: Database, brand: Brand, ticket: Ticket, client: TestClient, deliver: Deliver
) -> None:
    shut(database, brand, "email", "Hanako@Example.jp")
    deliver("続き", message_id="<two@x.jp>", in_reply_to="<first@example.jp>")
    deliver("不在です", message_id="<three@x.jp>", auto_submitted="auto-replied")
    old, new, automatic = rows(database, Ticket)
    assert (old.status, old.messages_count, new.status, automatic.status) == ("open", 1, "spam", "spam")


@pytest.mark.parametrize(
    ("kind", "value", "caught"),
    [
        ("domain", "example.jp", True),
        ("domain", "@EXAMPLE.jp", True),
        ("domain", "ample.jp", False),
        ("email", "other@example.jp", False),
    ],
)
def test_a_domain_stands_for_all_its_addresses_and_no_other(
    database: Database, brand: Brand, kind: str, value: str, caught: bool
) -> None:
    shut(database, brand, kind, value)
    with database.read() as unit:
        for address in ("hanako@example.jp", "hanako@mail.example.jp"):
            assert (block.find_block(unit, brand.pk, "email", [address]) is not None) is caught


def test_letting_in_again_reopens_and_lets_new_mail_through(
    database: Database, ticket: Ticket, client: TestClient, deliver: Deliver
) -> None:
    client.post(f"/tickets/{ticket.key}/block", data={"what": "domain"}, headers=HTMX)
    client.post(f"/tickets/{ticket.key}/unblock", headers=HTMX)
    assert rows(database, BlockedSender) == []
    assert only(database, Ticket).status == "open"
    deliver("届きました", message_id="<two@x.jp>", in_reply_to="<first@example.jp>")
    assert only(database, Ticket).messages_count == 2


def test_a_free_mail_domain_needs_a_second_word(
    database: Database, client: TestClient, deliver: Deliver, brand: Brand
) -> None:
    deliver(sender="Spam <x@gmail.com>")
    ticket = only(database, Ticket)
    path = f"/tickets/{ticket.key}/block"
    assert "Everybody can have an address at gmail.com" in client.get(path).text
    assert client.post(path, data={"what": "domain"}, headers=HTMX).status_code == 409
    assert rows(database, BlockedSender) == []
    client.post(path, data={"what": "domain", "sure": "1"}, headers=HTMX)
    assert only(database, BlockedSender).value == "gmail.com"
    with pytest.raises(Conflict):
        block.require_no_free_mail("domain", "x@yahoo.co.jp", sure=False)


@pytest.mark.parametrize(
    ("kind", "value"), [("email", ""), ("email", "no-at"), ("domain", "local"), ("domain", "a b.c")]
)
def test_what_is_no_sender_cannot_be_blocked(kind: str, value: str) -> None:
    with pytest.raises(Invalid):
        block.clean(kind, value)


def test_a_lead_sees_adds_and_lifts_blocks(
    database: Database, brand: Brand, agent: Agent, client: TestClient, lead_client: TestClient
) -> None:
    assert "Nobody is blocked" in lead_client.get("/settings/blocked").text
    assert lead_client.post("/settings/blocked", data={"value": "bad"}).status_code == 422
    warned = lead_client.post("/settings/blocked", data={"value": "gmail.com"})
    assert (warned.status_code, 'name="sure"' in warned.text) == (422, True)
    assert lead_client.post("/settings/blocked", data={"value": "@bad.example"}).status_code == 303
    row = only(database, BlockedSender)
    assert (row.kind, row.value) == ("domain", "bad.example")
    assert "bad.example" in lead_client.get("/settings/blocked").text
    lead_client.post(f"/settings/blocked/{row.key}/remove")
    assert rows(database, BlockedSender) == []

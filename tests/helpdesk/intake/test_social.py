"""What comes by the hooks of social channels: stored before it is acknowledged, once, in the provider's order."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.intake.pipeline import Intake
from helpdesk.models import (
    Brand,
    ChannelAccount,
    Contact,
    Customer,
    Direction,
    InboundEvent,
    MediaFetch,
    Message,
    Ticket,
)
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.stories import only, rows

SECRET = "channel secret"
WHEN = datetime(2026, 1, 5, 2, 50, tzinfo=UTC)
MILLISECONDS = int(WHEN.timestamp() * 1000)


@pytest.fixture
def connect(database: Database, brand: Brand, seal: Seal) -> Callable[..., ChannelAccount]:
    def connect(kind: str, **secrets: str) -> ChannelAccount:
        with database.write() as unit:
            account = ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address="A",
                secrets=seal.close(secrets),
                created_at=unit.now,
            )
            unit.session.add(account)
        return account

    return connect


@pytest.fixture
def line(connect: Callable[..., ChannelAccount]) -> ChannelAccount:
    return connect("line", channel_secret=SECRET)


@pytest.fixture
def meta(connect: Callable[..., ChannelAccount]) -> ChannelAccount:
    return connect("messenger", app_secret=SECRET)


def call(client: TestClient, account: ChannelAccount, body: object, *, secret: str = SECRET) -> int:
    raw = json.dumps(body).encode() if not isinstance(body, bytes) else body
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    header = (
        {"x-line-signature": base64.b64encode(digest).decode()}
        if account.kind == "line"
        else {"x-hub-signature-256": "sha256=" + digest.hex()}
    )
    return client.post(f"/hooks/{account.kind}/{account.key}", content=raw, headers=header).status_code


def event(number: int = 1, text: str = "届きません", *, kind: str = "message", **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": kind,
        "webhookEventId": f"E{kind}{number}",
        "timestamp": int((WHEN + timedelta(seconds=number)).timestamp() * 1000),
        "source": {"type": "user", "userId": "U1"},
        "deliveryContext": {"isRedelivery": False},
    }
    if kind == "message":
        told |= {"message": {"id": str(number), "type": "text", "text": text}, "replyToken": f"R{number}"}
    return told | more


def tell(client: TestClient, account: ChannelAccount, intake: Intake, *events: dict[str, Any]) -> None:
    assert call(client, account, {"events": list(events)}) == 200
    while intake.drain():
        pass


def test_a_message_becomes_a_ticket_of_its_contact(
    database: Database, client: TestClient, line: ChannelAccount, intake: Intake
) -> None:
    tell(client, line, intake, event())
    ticket, message, contact = only(database, Ticket), only(database, Message), only(database, Contact)
    assert (ticket.channel, ticket.subject, ticket.preview) == ("line", "届きません", "届きません")
    assert (message.external_id, message.sent_at) == ("1", WHEN + timedelta(seconds=1))
    assert (contact.address, contact.ticket_id, contact.reply_token) == ("U1", ticket.pk, "R1")
    assert contact.customer_id == only(database, Customer).pk == ticket.customer_id


def test_a_wrong_signature_stores_nothing(
    database: Database, client: TestClient, line: ChannelAccount
) -> None:
    assert call(client, line, {"events": [event()]}, secret="another") == 401
    assert rows(database, InboundEvent) == []


def test_an_unknown_key_or_vendor_is_not_found(client: TestClient, line: ChannelAccount) -> None:
    assert client.post("/hooks/line/nothing", content=b"{}").status_code == 404
    assert client.post(f"/hooks/x/{line.key}", content=b"{}").status_code == 404
    assert client.post(f"/hooks/fax/{line.key}", content=b"{}").status_code == 404


def test_what_is_genuine_but_unreadable_is_kept(
    database: Database, client: TestClient, line: ChannelAccount
) -> None:
    assert call(client, line, b"[not json") == 200
    kept = only(database, InboundEvent)
    assert (kept.state, kept.raw) == ("quarantined", b"[not json")


def test_a_probe_without_events_is_answered(
    database: Database, client: TestClient, line: ChannelAccount
) -> None:
    assert call(client, line, {"destination": "U", "events": []}) == 200
    assert rows(database, InboundEvent) == []


def test_meta_asks_and_is_answered(client: TestClient, connect: Callable[..., ChannelAccount]) -> None:
    account = connect("instagram", verify_token="word")
    asked = {"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "4711"}
    answer = client.get(f"/hooks/instagram/{account.key}", params=asked)
    assert (answer.status_code, answer.text) == (200, "4711")
    assert (
        client.get(f"/hooks/instagram/{account.key}", params={**asked, "hub.verify_token": "x"}).status_code
        == 403
    )


def test_the_same_events_again_and_in_any_order_are_there_once(
    database: Database, client: TestClient, line: ChannelAccount, intake: Intake
) -> None:
    events = [event(number, f"その{number}") for number in range(40)]
    dice = random.Random(7)
    for _ in range(3):
        dice.shuffle(events)
        again = [{**one, "deliveryContext": {"isRedelivery": True}} for one in events]
        for at in range(0, 40, 7):
            tell(client, line, intake, *again[at : at + 7])
    with database.read() as unit:
        told = unit.session.exec(select(Message).order_by(Message.sent_at)).all()  # type: ignore[arg-type]
    assert [one.text for one in told] == [f"その{number}" for number in range(40)]
    assert len(rows(database, Ticket)) == 1


def test_pictures_wait_to_be_fetched(
    database: Database, client: TestClient, line: ChannelAccount, intake: Intake
) -> None:
    picture = {"id": "9", "type": "image", "contentProvider": {"type": "line"}}
    tell(client, line, intake, event(message=picture))
    assert only(database, Ticket).preview == "画像"
    fetch = only(database, MediaFetch)
    assert (fetch.ref, fetch.state) == ("9", "queued")


@pytest.mark.parametrize("first", ["message", "unsend"])
def test_what_was_taken_back_is_gone_in_whatever_order(
    database: Database, client: TestClient, line: ChannelAccount, intake: Intake, first: str
) -> None:
    said = event(1, "口座番号は12345です")
    taken = event(2, kind="unsend", unsend={"messageId": "1"})
    for one in (said, taken) if first == "message" else (taken, said):
        tell(client, line, intake, one)
    message, ticket = only(database, Message), only(database, Ticket)
    assert (message.text, message.content) == ("", {"type": "taken_back"})
    assert "12345" not in ticket.preview + ticket.subject
    assert all(b"12345" not in one.raw and b"\\u53e3" not in one.raw for one in rows(database, InboundEvent))
    with database.read() as unit:
        assert search.find(unit, "口座番号", brand_ids=[ticket.brand_id]) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_the_latest_edit_counts_in_whatever_order(
    database: Database, client: TestClient, line: ChannelAccount, intake: Intake, order: tuple[int, ...]
) -> None:
    edited = {"id": "1", "type": "text"}
    events = (
        event(1, "注文は1001"),
        event(2, kind="messageEdited", message={**edited, "text": "注文は1002"}),
        event(3, kind="messageEdited", message={**edited, "text": "注文は1003"}),
    )
    for number in order:
        tell(client, line, intake, events[number])
    message = only(database, Message)
    assert message.text == "注文は1003"
    assert "注文は1001" in message.marks["versions"]


def test_who_blocks_and_comes_back(
    database: Database, client: TestClient, line: ChannelAccount, intake: Intake
) -> None:
    tell(client, line, intake, event(1, kind="follow", follow={}), event(3, kind="unfollow"))
    assert only(database, Contact).blocked
    tell(
        client, line, intake, event(2, kind="follow", follow={"isUnblocked": True})
    )  # late: the block is newer
    assert only(database, Contact).blocked
    tell(client, line, intake, event(4))
    assert not only(database, Contact).blocked


def test_after_three_silent_days_a_new_ticket_names_the_old_one(
    database: Database, client: TestClient, line: ChannelAccount, intake: Intake, clock: Any
) -> None:
    tell(client, line, intake, event(1))
    first = only(database, Ticket)
    clock.advance(days=4)
    tell(client, line, intake, event(2 + 4 * 86_400))
    second = next(one for one in rows(database, Ticket) if one.pk != first.pk)
    assert second.follow_up_of_id == first.pk
    assert only(database, Contact).ticket_id == second.pk


def message(mid: str, text: str = "", *, echo: bool = False, **more: Any) -> dict[str, Any]:
    people = ("A", "P") if echo else ("P", "A")
    told = {"mid": mid, "text": text, **({"is_echo": True} if echo else {}), **more}
    event = {
        "sender": {"id": people[0]},
        "recipient": {"id": people[1]},
        "timestamp": MILLISECONDS,
        "message": told,
    }
    return {"object": "page", "entry": [{"id": "A", "messaging": [{**event, "message": told}]}]}


def test_an_answer_given_elsewhere_stands_in_the_conversation(
    database: Database, client: TestClient, meta: ChannelAccount, intake: Intake
) -> None:
    for body in (message("m1", "Where is it?"), message("m2", "On its way", echo=True)):
        assert call(client, meta, body) == 200
    while intake.drain():
        pass
    ticket = only(database, Ticket)
    theirs, ours = sorted(rows(database, Message), key=lambda one: one.pk)
    assert (ours.direction, ours.text, ours.agent_id) == (Direction.OUT, "On its way", None)
    assert (ticket.status, ticket.waiting_since) == ("pending", None)
    assert theirs.customer_id == ours.customer_id


def test_a_reaction_and_reading_show_on_the_message(
    database: Database, client: TestClient, meta: ChannelAccount, intake: Intake
) -> None:
    def told(**what: Any) -> dict[str, Any]:
        event = {"sender": {"id": "P"}, "recipient": {"id": "A"}, "timestamp": MILLISECONDS + 1000, **what}
        return {"object": "page", "entry": [{"id": "A", "messaging": [event]}]}

    call(client, meta, told(reaction={"mid": "m2", "action": "react", "emoji": "❤️"}))  # before its message
    call(client, meta, message("m1", "Where is it?"))
    call(client, meta, message("m2", "On its way", echo=True))
    call(client, meta, told(read={"watermark": MILLISECONDS + 900_000}))
    while intake.drain():
        pass
    ours = next(one for one in rows(database, Message) if one.direction == Direction.OUT)
    assert ours.marks["reactions"]["P"]["emoji"] == "❤️"
    assert "read_at" in ours.marks

"""Whose words they are, when they were said, and what is left of them: where providers tell it in odd ways."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.channels.social import CHANNELS
from helpdesk.intake import journal, pipeline
from helpdesk.intake.journal import Arrival, Told
from helpdesk.intake.pipeline import Intake
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    Contact,
    Customer,
    Direction,
    InboundEvent,
    Message,
    Ticket,
)
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from tests.helpdesk.stories import only, rows

WHEN = datetime(2026, 1, 5, 2, 50, tzinfo=UTC)
Tell = Callable[..., None]
Connect = Callable[..., ChannelAccount]


@pytest.fixture
def connect(database: Database, brand: Brand) -> Connect:
    def connect(kind: str, address: str = "A") -> ChannelAccount:
        with database.write() as unit:
            account = ChannelAccount(brand_id=brand.pk, kind=kind, address=address, created_at=unit.now)
            unit.session.add(account)
        return account

    return connect


@pytest.fixture
def tell(database: Database, intake: Intake) -> Tell:
    """As after a genuine call."""

    def tell(account: ChannelAccount, *bodies: dict[str, Any]) -> None:
        for body in bodies:
            pieces = CHANNELS[account.kind].hook.split(json.dumps(body).encode())
            arrivals = [Arrival(one.raw, one.external_id) for one in pieces]
            with database.write() as unit:
                journal.record_calls(unit, [Told(account.pk, account.brand_id, arrivals)])
            while intake.drain():
                pass

    return tell


def whatsapp(*messages: dict[str, Any], contacts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    value = {"metadata": {"phone_number_id": "A"}, "contacts": contacts or [], "messages": list(messages)}
    entry = {"id": "W", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def wrote(number: int, who: str, text: str = "x") -> dict[str, Any]:
    at = str(int((WHEN + timedelta(seconds=number)).timestamp()))
    return {"id": f"w{number}", "from": who, "timestamp": at, "type": "text", "text": {"body": text}}


def person(phone: str, name: str, user_id: str = "") -> dict[str, Any]:
    return {"wa_id": phone, "profile": {"name": name}} | ({"user_id": user_id} if user_id else {})


def test_several_people_in_one_call_are_told_apart(database: Database, connect: Connect, tell: Tell) -> None:
    people = [person("8190", "環"), person("8180", "Finch")]
    tell(connect("whatsapp"), whatsapp(wrote(1, "8180", "mine"), wrote(2, "8190", "私の"), contacts=people))
    assert {(one.address, one.name) for one in rows(database, Contact)} == {("8190", "環"), ("8180", "Finch")}
    assert {one.text: one.sender["address"] for one in rows(database, Message)} == {
        "mine": "8180",
        "私の": "8190",
    }


def test_nobody_gets_the_name_of_the_only_other_one(database: Database, connect: Connect, tell: Tell) -> None:
    people = [person("8190", "環"), person("8170", "Lin")]
    tell(connect("whatsapp"), whatsapp(wrote(1, "8180"), contacts=people))
    assert (only(database, Contact).address, only(database, Contact).name) == ("8180", "")


@pytest.mark.parametrize("order", [("number", "both"), ("both", "number"), ("both", "lasting", "number")])
def test_a_number_and_the_id_that_lasts_are_one_person(
    database: Database, connect: Connect, tell: Tell, order: tuple[str, ...]
) -> None:
    account = connect("whatsapp")
    told = {
        "number": lambda n: whatsapp(wrote(n, "8190"), contacts=[person("8190", "環")]),
        "both": lambda n: whatsapp(wrote(n, "8190"), contacts=[person("8190", "環", "JP.1")]),
        "lasting": lambda n: whatsapp(wrote(n, ""), contacts=[person("", "環", "JP.1")]),
    }
    for number, what in enumerate(order):
        tell(account, told[what](number))
    contact = only(database, Contact)
    assert contact.address == "JP.1"
    assert {one.pk for one in rows(database, Customer) if one.merged_into_id is None} == {contact.customer_id}
    assert len(rows(database, Ticket)) == 1
    assert len(rows(database, Message)) == len(order)


def test_another_with_a_number_of_their_own_stays_another(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("whatsapp")
    tell(account, whatsapp(wrote(1, "8190"), contacts=[person("8190", "環", "JP.1")]))
    tell(account, whatsapp(wrote(2, "8180"), contacts=[person("8180", "Finch", "GB.2")]))
    tell(account, whatsapp(wrote(3, "8170"), contacts=[person("8170", "Lin")]))
    assert len(rows(database, Contact)) == len(rows(database, Customer)) == len(rows(database, Ticket)) == 3


def test_words_of_nobody_are_set_aside_and_not_given_to_somebody(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("line")
    for number in (1, 2):
        message = {"id": str(number), "type": "text", "text": "誰"}
        tell(account, {"events": [{"type": "message", "webhookEventId": f"E{number}", "message": message}]})
    assert rows(database, Contact) == []
    kept = rows(database, InboundEvent)
    assert [one.state for one in kept] == ["quarantined"] * 2
    assert "who wrote it" in str(kept[0].reason)


@pytest.mark.parametrize("seconds", [0, 60])
def test_one_that_is_set_aside_takes_none_of_its_neighbours_along(
    database: Database, connect: Connect, tell: Tell, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """Also where those before it stood in a transaction of their own."""
    monkeypatch.setattr(pipeline, "LONGEST_TURN", seconds)

    def event(number: int, **source: str) -> dict[str, Any]:
        message = {"id": str(number), "type": "text", "text": f"その{number}"}
        told = {"type": "message", "webhookEventId": f"E{number}", "message": message}
        return told | {"source": {"type": "user", **source}}

    events = [event(1, userId="U1"), event(2, userId="U1"), event(3), event(4, userId="U1")]
    tell(connect("line"), {"events": events})
    assert [one.text for one in rows(database, Message)] == ["その1", "その2", "その4"]
    assert [one.state for one in rows(database, InboundEvent)] == ["done", "done", "quarantined", "done"]


def telegram(update: int, chat: int, text: str) -> dict[str, Any]:
    message = {"message_id": 5, "chat": {"id": chat}, "from": {"id": chat}, "date": 1767581400, "text": text}
    return {"update_id": update, "message": message}


def test_two_bots_that_count_alike_lose_nothing(database: Database, connect: Connect, tell: Tell) -> None:
    tell(connect("telegram", "one"), telegram(7, 11, "a"))
    tell(connect("telegram", "two"), telegram(7, 12, "b"))
    assert {one.text for one in rows(database, Message)} == {"a", "b"}


def test_a_button_is_pressed_now_and_not_when_it_was_shown(
    database: Database, connect: Connect, tell: Tell, clock: Any
) -> None:
    shown = {"message_id": 5, "chat": {"id": 11}, "date": int((clock.now - timedelta(days=9)).timestamp())}
    pressed = {"id": "q", "from": {"id": 11}, "message": shown, "data": "csat:5"}
    tell(connect("telegram"), {"update_id": 1, "callback_query": pressed})
    assert only(database, Message).sent_at == clock.now
    assert only(database, Contact).acted_at == clock.now


def test_what_is_told_again_with_newer_facts_about_its_writer_is_there_once(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("x", "1")

    def told(followers: int, picture: str) -> dict[str, Any]:
        data = {"text": "x", "attachment": {"media": {"media_url_https": picture}}}
        message = {"sender_id": "2", "target": {"recipient_id": "1"}, "message_data": data}
        event = {"type": "message_create", "id": "d", "message_create": message}
        users = {"2": {"data": {"name": "Finch", "followers_count": followers}}}
        payload = {"direct_message_events": [event], "users": users}
        return {"data": {"event_type": "dm.received", "filter": {"user_id": "1"}, "payload": payload}}

    tell(account, told(1, "https://a/1?sig=1"), told(2, "https://a/1?sig=2"))
    assert only(database, Message)
    assert sorted(one.state for one in rows(database, InboundEvent)) == ["done", "duplicate"]


def meta(*events: dict[str, Any], name: str = "page") -> dict[str, Any]:
    at = int(WHEN.timestamp() * 1000)
    told = [{"sender": {"id": "P"}, "recipient": {"id": "A"}, "timestamp": at, **one} for one in events]
    return {"object": name, "entry": [{"id": "A", "messaging": told}]}


def test_a_picture_told_again_at_a_new_address_is_there_once(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("instagram")
    for turn in (1, 2):
        files = [{"type": "image", "payload": {"url": f"https://cdn.example/1?sig={turn}"}}]
        tell(account, meta({"message": {"mid": "m", "attachments": files}}, name="instagram"))
    assert only(database, Message)


def comment(writer: str) -> dict[str, Any]:
    value = {"id": f"C{writer}", "from": {"id": writer, "username": "taro"}, "text": "在庫は？"}
    entry = {"id": "A", "time": int(WHEN.timestamp()), "changes": [{"field": "comments", "value": value}]}
    return {"object": "instagram", "entry": [entry]}


def test_a_public_comment_opens_no_window_and_our_own_no_ticket(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("instagram")
    tell(account, comment("I"), comment("A"))
    assert only(database, Message).sent_at == WHEN
    assert only(database, Contact).acted_at is None


def test_lists_show_the_newest_words_also_when_they_came_first(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("whatsapp")
    for number in (3, 1, 2):
        tell(account, whatsapp(wrote(number, "8190", f"その{number}")))
    ticket = only(database, Ticket)
    assert ticket.preview == "その3"
    assert ticket.last_message_at == WHEN + timedelta(seconds=3)
    assert ticket.waiting_since == WHEN + timedelta(seconds=1)


def test_what_we_hear_of_days_later_is_one_talk_where_it_was_one(
    database: Database, connect: Connect, tell: Tell, clock: Any
) -> None:
    account = connect("whatsapp")
    clock.advance(days=6)
    tell(account, whatsapp(wrote(1, "8190")), whatsapp(wrote(2, "8190")))
    assert len(rows(database, Ticket)) == 1
    tell(account, whatsapp(wrote(3 + 4 * 86_400, "8190")))  # after a silence
    assert len(rows(database, Ticket)) == 2


def test_what_was_said_before_a_block_and_came_after_it_unblocks_nobody(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("line")

    def event(number: int, **more: Any) -> dict[str, Any]:
        at = int((WHEN + timedelta(seconds=number)).timestamp() * 1000)
        told = {"webhookEventId": f"E{number}", "timestamp": at, "source": {"type": "user", "userId": "U1"}}
        return {"events": [told | more]}

    def said(number: int) -> dict[str, Any]:
        return event(number, type="message", message={"id": str(number), "type": "text", "text": "x"})

    tell(account, said(1), event(3, type="unfollow"), said(2))
    assert only(database, Contact).blocked
    tell(account, said(4))
    assert not only(database, Contact).blocked


def test_edited_words_that_are_taken_back_are_nowhere(
    database: Database, connect: Connect, tell: Tell
) -> None:
    account = connect("messenger")
    tell(
        account,
        meta({"message_edit": {"mid": "m", "text": "口座番号は777です"}}),
        meta({"message": {"mid": "m", "text": "口座番号は12345です"}}),
        meta({"message_edit": {"mid": "m", "text": "口座番号は888です"}}),
        meta({"message": {"mid": "m", "is_deleted": True}}),
    )
    assert only(database, Message).content == {"type": "taken_back"}
    for one in rows(database, InboundEvent):
        assert not any(secret in one.raw for secret in (b"12345", b"777", b"888"))


@pytest.fixture
def answer(database: Database, agent: Agent, files: Files, seal: Seal) -> Callable[..., Message]:
    def answer(body: str) -> Message:
        with database.write() as unit:
            ticket = unit.session.get_one(Ticket, only(database, Ticket).pk)
            return reply.send(unit, ticket, by=agent, body=body, files=files)

    return answer


def test_parts_of_our_own_long_answer_that_come_back_before_it_has_left_are_no_new_words(
    database: Database, connect: Connect, tell: Tell, answer: Callable[..., Message], clock: Any
) -> None:
    account = connect("instagram")
    now = int(clock.now.timestamp() * 1000)
    tell(
        account,
        meta({"message": {"mid": "m1", "text": "いつ届きますか"}, "timestamp": now}, name="instagram"),
    )
    ours = answer("一つ目です。\n\n二つ目です。")

    def echo(mid: str, text: str) -> dict[str, Any]:
        told = {"mid": mid, "text": text, "is_echo": True}
        event = {"sender": {"id": "A"}, "recipient": {"id": "P"}, "timestamp": now, "message": told}
        return meta(event, name="instagram")

    tell(account, echo("e1", "一つ目です。"), echo("e2", "二つ目です。"), echo("e3", "ほかで書いた返事"))
    sent = [one for one in rows(database, Message) if one.direction == Direction.OUT]
    assert {one.text for one in sent if one.pk != ours.pk} == {"ほかで書いた返事"}

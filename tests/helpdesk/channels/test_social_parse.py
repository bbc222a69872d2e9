"""What customers send on each social channel, in the normal form."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.channels.incoming import Change, Incoming, What
from helpdesk.channels.line.hook import LineHook
from helpdesk.channels.line.parse import parse as parse_line
from helpdesk.channels.meta.hook import MetaHook
from helpdesk.channels.meta.parse import parse as parse_meta
from helpdesk.channels.phone.parse import parse_call, parse_sms
from helpdesk.channels.phone.twilio import TwilioHook
from helpdesk.channels.telegram.hook import TelegramHook
from helpdesk.channels.telegram.parse import parse as parse_telegram
from helpdesk.channels.whatsapp.parse import parse as parse_whatsapp
from helpdesk.channels.x.hook import XHook
from helpdesk.channels.x.parse import parse as parse_x

SAMPLES = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).parents[4] / "shared")) / "samples"
WHEN = 1_790_000_000_000
Parsed = Incoming | Change
Parse = Callable[..., Parsed]


def line(**event: Any) -> Parsed:
    source = {"type": "user", "userId": "U1"}
    return one(LineHook(), parse_line, {"events": [{"timestamp": WHEN, "source": source, **event}]})


def meta(event: dict[str, Any], name: str = "page", via: str = "messaging") -> Parsed:
    told = {"sender": {"id": "P"}, "recipient": {"id": "A"}, "timestamp": WHEN, **event}
    return one(MetaHook(), parse_meta, {"object": name, "entry": [{"id": "A", via: [told]}]})


def whatsapp(value: dict[str, Any]) -> Parsed:
    change = {"field": "messages", "value": {"metadata": {"phone_number_id": "9"}, **value}}
    return one(
        MetaHook(), parse_whatsapp, {"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}
    )


def one(hook: Any, parse: Parse, body: object) -> Parsed:
    (piece,) = hook.split(json.dumps(body).encode())
    return parse(piece.raw)


def words(parsed: Parsed) -> Incoming:
    assert isinstance(parsed, Incoming)
    return parsed


def change(parsed: Parsed) -> Change:
    assert isinstance(parsed, Change)
    return parsed


def test_line_text_brings_a_reply_token_and_a_time() -> None:
    said = words(
        line(type="message", replyToken="R", message={"id": "7", "type": "text", "text": "届きません"})
    )
    assert (said.text, said.external_id, said.reply_token) == ("届きません", "7", "R")
    assert said.author.address == said.conversation == "U1"
    assert said.sent_at == datetime.fromtimestamp(WHEN / 1000, UTC)


def test_a_line_sticker_keeps_its_meaning() -> None:
    sticker = {
        "id": "8",
        "type": "sticker",
        "stickerId": "52",
        "packageId": "1",
        "keywords": ["sorry", "ごめん"],
    }
    said = words(line(type="message", message=sticker))
    assert said.content["type"] == "sticker"
    assert said.content["keywords"] == ["sorry", "ごめん"]
    assert "52" in said.content["picture"]


def test_a_sticker_number_cannot_lead_elsewhere() -> None:
    said = words(line(type="message", message={"type": "sticker", "stickerId": "../../x?"}))
    assert "picture" not in said.content


def test_line_pictures_sent_together_know_their_place() -> None:
    album = {"id": "S", "index": 2, "total": 3}
    picture = {"id": "9", "type": "image", "contentProvider": {"type": "line"}, "imageSet": album}
    said = words(line(type="message", message=picture))
    assert said.content["album"] == album
    assert said.media[0].ref == "9"


def test_a_line_group_is_one_conversation_with_many_writers() -> None:
    source = {"type": "group", "groupId": "C", "userId": "U2"}
    said = words(line(type="message", source=source, message={"id": "1", "type": "text", "text": "x"}))
    assert (said.author.address, said.sender.address) == ("C", "U2")


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ({"type": "unsend", "unsend": {"messageId": "7"}}, What.UNSENT),
        ({"type": "messageEdited", "message": {"id": "7", "type": "text", "text": "y"}}, What.EDITED),
        ({"type": "follow", "follow": {}}, What.CONNECTED),
        ({"type": "unfollow"}, What.BLOCKED),
        ({"type": "accountLink", "link": {"result": "ok", "nonce": "n"}}, What.LINKED),
        ({"type": "a thing of tomorrow"}, What.NOTED),
    ],
)
def test_what_else_happens_on_line(event: dict[str, Any], what: What) -> None:
    assert change(line(**event)).what is what


def test_a_message_of_tomorrow_is_kept_as_what_it_is() -> None:
    said = words(line(type="message", message={"id": "1", "type": "hologram"}))
    assert said.content == {"type": "unsupported", "kind": "hologram"}


def test_messenger_echo_belongs_to_who_received_it() -> None:
    echo = {"mid": "m", "text": "hi", "is_echo": True, "metadata": "hd.1.2#0"}
    said = words(meta({"sender": {"id": "A"}, "recipient": {"id": "P"}, "message": echo}))
    assert said.echo
    assert said.author.address == "P"
    assert said.content["ours"] == "hd.1.2#0"


def test_messenger_reads_until_a_time_and_instagram_one_message() -> None:
    assert change(meta({"read": {"watermark": WHEN}})).until == datetime.fromtimestamp(WHEN / 1000, UTC)
    assert change(meta({"read": {"mid": "m"}}, "instagram")).of == ("m",)


def test_an_instagram_story_is_copied_before_it_is_gone() -> None:
    attachment = {"type": "story_mention", "payload": {"url": "https://cdn.example/s.jpg"}}
    said = words(meta({"message": {"mid": "m", "attachments": [attachment]}}, "instagram"))
    assert said.content["type"] == "story_mention"
    assert said.media[0].ref == "https://cdn.example/s.jpg"


def test_an_unsent_instagram_message_is_taken_back() -> None:
    taken = change(meta({"message": {"mid": "m", "is_deleted": True}}, "instagram"))
    assert (taken.what, taken.of) == (What.UNSENT, ("m",))


def test_an_instagram_comment_can_be_answered_in_private() -> None:
    value = {"id": "C", "from": {"id": "I", "username": "taro"}, "text": "在庫は？", "media": {"id": "M"}}
    body = {"object": "instagram", "entry": [{"id": "A", "changes": [{"field": "comments", "value": value}]}]}
    said = words(one(MetaHook(), parse_meta, body))
    assert (said.text, said.author.name, said.content["comment"]) == ("在庫は？", "taro", "C")


def test_a_removed_reaction_says_so() -> None:
    taken = change(meta({"reaction": {"mid": "m", "action": "unreact"}}))
    assert (taken.what, taken.removed) == (What.REACTED, True)


def test_whatsapp_knows_people_by_the_id_that_survives_a_new_number() -> None:
    contact = {"user_id": "JP.123", "wa_id": "8190", "profile": {"name": "環"}}
    message = {"id": "w", "from": "8190", "timestamp": "1790000000", "type": "text", "text": {"body": "x"}}
    said = words(whatsapp({"contacts": [contact], "messages": [message]}))
    assert (said.author.address, said.author.name, said.content["phone"]) == ("JP.123", "環", "8190")


def test_whatsapp_without_a_number_is_no_failure() -> None:
    message = {"id": "w", "type": "text", "text": {"body": "x"}}
    contact = {"user_id": "JP.9", "profile": {"username": "tamaki"}}
    assert words(whatsapp({"contacts": [contact], "messages": [message]})).author.address == "JP.9"


def test_whatsapp_tells_why_something_failed() -> None:
    status = {
        "id": "w",
        "status": "failed",
        "recipient_id": "8190",
        "biz_opaque_callback_data": "hd.1.2",
        "errors": [{"code": 131047, "error_data": {"details": "more than 24 hours have passed"}}],
    }
    failed = change(whatsapp({"statuses": [status]}))
    assert (failed.what, failed.ours, failed.text) == (
        What.FAILED,
        "hd.1.2",
        "131047 more than 24 hours have passed",
    )


def test_a_revoked_whatsapp_message_is_taken_back() -> None:
    message = {"id": "w2", "from": "8190", "type": "revoke", "revoke": {"original_message_id": "w1"}}
    assert change(whatsapp({"messages": [message]})).of == ("w1",)


def test_x_shows_links_as_they_were_meant() -> None:
    urls = [{"url": "https://t.co/a", "expanded_url": "https://shop.example/1"}]
    data = {"text": "see https://t.co/a &amp; tell", "entities": {"urls": urls}}
    message = {"sender_id": "2", "target": {"recipient_id": "1"}, "message_data": data}
    event = {"type": "message_create", "id": "d", "created_timestamp": str(WHEN), "message_create": message}
    payload = {"direct_message_events": [event], "users": {"2": {"data": {"name": "Finch"}}}}
    body = {"data": {"event_type": "dm.received", "filter": {"user_id": "1"}, "payload": payload}}
    said = words(one(XHook(), parse_x, body))
    assert (said.text, said.author.name, said.echo) == ("see https://shop.example/1 & tell", "Finch", False)


def test_an_encrypted_message_of_x_is_told_of() -> None:
    body = {"data": {"event_uuid": "e", "event_type": "chat.received", "payload": {"sender_id": "2"}}}
    assert words(one(XHook(), parse_x, body)).content["type"] == "encrypted"


def test_telegram_takes_the_largest_photo() -> None:
    photos = [{"file_id": "s", "file_size": 1}, {"file_id": "l", "file_size": 9}]
    message = {"message_id": 4, "chat": {"id": 11}, "date": 1, "photo": photos, "caption": "破損"}
    said = words(one(TelegramHook(), parse_telegram, {"update_id": 1, "message": message}))
    assert (said.media[0].ref, said.text, said.external_id) == ("l", "破損", "11/4")


def test_a_blocked_telegram_bot_is_told_of() -> None:
    member = {"chat": {"id": 11}, "new_chat_member": {"status": "kicked"}}
    assert (
        change(one(TelegramHook(), parse_telegram, {"update_id": 1, "my_chat_member": member})).what
        is What.BLOCKED
    )


def test_a_missed_call_is_one_entry_however_often_it_is_told() -> None:
    def told(state: str) -> Parsed:
        form = f"CallSid=CA1&From=%2B8190&To=%2B8131&Direction=inbound&CallStatus={state}"
        (piece,) = TwilioHook().split(form.encode())
        return parse_call(piece.raw)

    assert isinstance(told("ringing"), Change)
    call = words(told("no-answer"))
    assert (call.content["state"], call.author.address, call.external_id) == ("missed", "+8190", "CA1")


def test_a_text_message_that_did_not_arrive_says_which() -> None:
    (piece,) = TwilioHook().split(b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003&To=%2B8190")
    failed = change(parse_sms(piece.raw))
    assert (failed.what, failed.of, failed.text) == (What.FAILED, ("SM1",), "30003")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the measuring data (HELPDESK_SHARED) is not here")
def test_every_sample_of_the_vendors_is_read() -> None:
    for piece in LineHook().split((SAMPLES / "line" / "webhook_all_events.json").read_bytes()):
        parse_line(piece.raw)
    for name in ("meta_messenger", "meta_instagram"):
        for body in json.loads((SAMPLES / name / "webhooks.json").read_text()).values():
            if isinstance(body, dict) and "entry" in body:
                assert [parse_meta(one.raw) for one in MetaHook().split(json.dumps(body).encode())]
    incoming = json.loads((SAMPLES / "meta_whatsapp" / "incoming_message_objects.json").read_text())
    for message in incoming.values():
        parsed = whatsapp({"messages": [message]})
        assert isinstance(parsed, Change) or parsed.text or parsed.content
    for update in json.loads((SAMPLES / "telegram" / "updates.json").read_text()).values():
        if isinstance(update, dict) and "update_id" in update:
            one(TelegramHook(), parse_telegram, update)


NAMES = (
    *(
        "id",
        "type",
        "message",
        "text",
        "source",
        "timestamp",
        "mid",
        "attachments",
        "payload",
        "url",
        "event",
    ),
    *(
        "via",
        "object",
        "from",
        "contacts",
        "statuses",
        "data",
        "postback",
        "reaction",
        "read",
        "unsend",
        "link",
    ),
    *(
        "replyToken",
        "media",
        "context",
        "document",
        "errors",
        "photo",
        "chat",
        "update_id",
        "NumMedia",
        "CallStatus",
    ),
)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(("type", "message", "source", "event", "via", "timestamp")), anything))
def test_nothing_that_is_an_object_breaks_a_parser(event: dict[str, Any]) -> None:
    raw = json.dumps({"update_id": 1, **event}).encode()
    for parse in (parse_line, parse_meta, parse_whatsapp, parse_x, parse_telegram, parse_sms, parse_call):
        assert isinstance(parse(raw), Incoming | Change)

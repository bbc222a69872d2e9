"""/hooks/{vendor}/{key}: a call of any shape is answered, and what can be read of it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from starlette.testclient import TestClient

from helpdesk.channels.social import CHANNELS
from helpdesk.intake.pipeline import Intake
from helpdesk.models import InboundEvent, Message
from helpdesk.store.db import Database
from tests.helpdesk.stories import only, rows
from tests.helpdesk.web.signed_calls import BODIES, SAMPLES, Connect, line_text, needs_samples, post


def samples() -> Iterator[tuple[str, str, bytes]]:
    """Kind, name and body of every call in the measuring data."""
    yield "line", "all", (SAMPLES / "line" / "webhook_all_events.json").read_bytes()
    for kind, folder in (("messenger", "meta_messenger"), ("instagram", "meta_instagram")):
        for name, body in json.loads((SAMPLES / folder / "webhooks.json").read_text()).items():
            if isinstance(body, dict) and "entry" in body:
                yield kind, name, json.dumps(body).encode()
    incoming = json.loads((SAMPLES / "meta_whatsapp" / "incoming_message_objects.json").read_text())
    for name, message in incoming.items():
        value = {"metadata": {"phone_number_id": "A"}, "messages": [message]}
        entry = {"id": "WABA", "changes": [{"field": "messages", "value": value}]}
        body = {"object": "whatsapp_business_account", "entry": [entry]}
        yield "whatsapp", name, json.dumps(body).encode()
    for name, body in json.loads((SAMPLES / "telegram" / "updates.json").read_text()).items():
        if isinstance(body, dict) and "update_id" in body:
            yield "telegram", name, json.dumps(body).encode()
    for name, form in json.loads((SAMPLES / "twilio" / "inbound_forms.json").read_text()).items():
        if isinstance(form, dict) and "MessageSid" in form:
            yield "sms", name, urlencode(form).encode()


ADDRESSES = {"messenger": "PAGE_ID", "instagram": "IG_ACCOUNT_ID"}


@needs_samples
def test_every_sample_of_the_vendors_is_taken_in(
    database: Database, client: TestClient, connect: Connect, intake: Intake
) -> None:
    accounts = {kind: connect(kind, ADDRESSES.get(kind, "A")) for kind in CHANNELS if kind != "phone"}
    count = 0
    for kind, name, raw in samples():
        assert post(client, accounts[kind], raw).status_code == 200, name
        count += 1
    assert count > 40
    while intake.drain():
        pass
    events = rows(database, InboundEvent)
    assert {(one.state, one.reason) for one in events} == {("done", None)}
    for message in rows(database, Message):
        assert message.text or message.content, message.external_id
    kinds = {one.content.get("type") for one in rows(database, Message)}
    assert {"sticker", "location", "image", "audio", "video", "file", "button", "unsupported"} <= kinds


def test_twilio_hears_nothing_that_it_would_read_to_the_customer(
    client: TestClient, connect: Connect
) -> None:
    answer = post(client, connect("sms"), BODIES["sms"])
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text == "<Response></Response>"


def test_what_no_database_keeps_does_not_stop_the_rest(
    database: Database, client: TestClient, connect: Connect, intake: Intake
) -> None:
    account = connect("line")
    told = {
        "type": "message",
        "webhookEventId": "E\0\ud800",
        "source": {"userId": "U\0"},
        "message": {"id": "1\0", "type": "text", "text": "届き\0ません\ud83d"},
    }
    raw = json.dumps({"events": [told]}).encode()
    assert post(client, account, raw).status_code == 200
    intake.drain()
    assert only(database, Message).text == "届きません?"


def test_a_call_of_any_shape_is_answered(database: Database, client: TestClient, connect: Connect) -> None:
    account = connect("line")
    deep = b'{"events":[' + b"[" * 5000 + b"]" * 5000 + b"]}"
    wide = b'{"events":[' + b",".join([b"{}"] * 20_000) + b"]}"
    for raw in (deep, wide, b'{"events":{"a":1}}', b'{"events":[1]}', b'{"events":[{"message":7}]}'):
        assert post(client, account, raw).status_code == 200
    states = [one.state for one in rows(database, InboundEvent)]
    assert sorted(states) == ["quarantined", "quarantined", "quarantined", "queued", "queued"]


def test_an_odd_address_of_a_call_is_no_failure(client: TestClient, connect: Connect) -> None:
    account = connect("sms")
    assert client.post(f"/hooks/sms/{account.key}?a=%ff&%00=b", content=b"a").status_code == 401
    assert client.get(f"/hooks/line/{account.key}").status_code == 404
    assert client.get(f"/files/x/{'9' * 5000}-{'a' * 26}/n").status_code == 404


def test_calls_at_the_same_time_are_all_there(
    database: Database, client: TestClient, connect: Connect
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    account = connect("line")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: post(client, account, line_text(n % 30)).status_code, range(90)))
    assert set(answers) == {200}
    assert len(rows(database, InboundEvent)) == 30

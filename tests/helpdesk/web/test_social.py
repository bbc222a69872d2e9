"""/hooks/{vendor}/{key}: what providers sign is kept for the account it is for; nothing else leaves a trace."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.app import build, make_parts
from helpdesk.channels.social import CHANNELS
from helpdesk.intake.pipeline import Intake
from helpdesk.models import Brand, ChannelAccount, InboundEvent, Message
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.store.db import Database, utc_now
from helpdesk.store.seal import Seal
from tests.helpdesk.stories import only, rows

SAMPLES = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).parents[4] / "shared")) / "samples"
SECRET = "helpdesk_test_secret"
SECRETS = ("channel_secret", "app_secret", "consumer_secret", "webhook_secret", "auth_token")
Connect = Callable[..., ChannelAccount]
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the measuring data (HELPDESK_SHARED) is not here"
)


@pytest.fixture
def connect(database: Database, brand: Brand, seal: Seal) -> Connect:
    def connect(kind: str, address: str = "A", secret: str = SECRET, **more: Any) -> ChannelAccount:
        with database.write() as unit:
            account = ChannelAccount(
                **{"brand_id": brand.pk, **more},
                kind=kind,
                address=address,
                secrets=seal.close(dict.fromkeys(SECRETS, secret)),
                created_at=unit.now,
            )
            unit.session.add(account)
        return account

    return connect


def sign(kind: str, raw: bytes, url: str = "", secret: str = SECRET) -> dict[str, str]:
    """As the providers describe it."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    if kind == "sms":
        fields = sorted((name, value) for name, value in _fields(raw))
        said = url + "".join(name + value for name, value in fields)
        mac = hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest()
        return {
            "x-twilio-signature": base64.b64encode(mac).decode(),
            "content-type": "application/x-www-form-urlencoded",
        }
    plain = base64.b64encode(digest).decode()
    return {
        "line": {"x-line-signature": plain},
        "x": {"x-twitter-webhooks-signature": f"sha256={plain}"},
        "telegram": {"x-telegram-bot-api-secret-token": secret},
    }.get(kind, {"x-hub-signature-256": f"sha256={digest.hex()}"})


def _fields(raw: bytes) -> Iterator[tuple[str, str]]:
    from urllib.parse import parse_qsl

    yield from parse_qsl(raw.decode(), keep_blank_values=True)


def post(client: TestClient, account: ChannelAccount, raw: bytes, **given: Any) -> Any:
    path = f"/hooks/{account.kind}/{account.key}"
    headers = given.pop("headers", None) or sign(account.kind, raw, f"http://testserver{path}", **given)
    return client.post(path, content=raw, headers=headers)


def line_text(number: int = 1, text: str = "届きません") -> bytes:
    event = {
        "type": "message",
        "webhookEventId": f"E{number}",
        "timestamp": 1_767_581_400_000 + number,
        "source": {"type": "user", "userId": "U1"},
        "message": {"id": str(number), "type": "text", "text": text},
    }
    return json.dumps({"destination": "U0", "events": [event]}).encode()


BODIES: dict[str, bytes] = {
    "line": line_text(),
    "messenger": b'{"object":"page","entry":[{"id":"A","messaging":[{"sender":{"id":"P"},'
    b'"recipient":{"id":"A"},"message":{"mid":"m","text":"x"}}]}]}',
    "x": b'{"data":{"event_type":"dm.received","filter":{"user_id":"A"},"payload":'
    b'{"direct_message_events":[{"type":"message_create","id":"d","message_create":{"sender_id":"2",'
    b'"target":{"recipient_id":"A"},"message_data":{"text":"x"}}}]}}}',
    "telegram": b'{"update_id":1,"message":{"message_id":4,"chat":{"id":11},"date":1767581400,"text":"x"}}',
    "sms": urlencode({"MessageSid": "SM1", "From": "+8190", "To": "A", "Body": "x"}).encode(),
}


@pytest.mark.parametrize("kind", BODIES)
def test_what_its_provider_signed_is_kept(
    database: Database, client: TestClient, connect: Connect, intake: Intake, kind: str
) -> None:
    answer = post(client, connect(kind), BODIES[kind])
    assert answer.status_code == 200
    assert only(database, InboundEvent).state == "queued"
    intake.drain()
    assert only(database, Message).text in ("x", "届きません")


@pytest.mark.parametrize("kind", BODIES)
def test_what_was_changed_on_the_way_or_signed_by_somebody_else_leaves_nothing(
    database: Database, client: TestClient, connect: Connect, kind: str
) -> None:
    account, raw = connect(kind), BODIES[kind]
    path = f"/hooks/{kind}/{account.key}"
    genuine = sign(kind, raw, f"http://testserver{path}")
    forged = sign(kind, raw, f"http://testserver{path}", secret="another")
    changed = [raw[:-1] + b"!", raw + b" ", b"", b"\xff\xfe", b"x=" * 600]
    answers = [post(client, account, raw, headers=forged)]
    answers += [client.post(path, content=raw)]
    if kind != "telegram":  # whose secret does not depend on the body
        answers += [post(client, account, one, headers=genuine) for one in changed]
    assert [one.status_code for one in answers] == [401] * len(answers)
    assert rows(database, InboundEvent) == []
    with database.read() as unit:
        assert unit.session.get_one(ChannelAccount, account.pk).last_seen_at is None


@needs_samples
@pytest.mark.parametrize("tamper", [False, True])
def test_signatures_of_the_vendors_own_examples(
    database: Database, client: TestClient, connect: Connect, tamper: bool
) -> None:
    """The bodies of the examples are no events: genuine ones are set aside, others refused."""
    kinds = {
        "X-Line-Signature": "line",
        "X-Hub-Signature-256": "whatsapp",
        "x-twitter-webhooks-signature": "x",
    }
    vectors = json.loads((SAMPLES / "signature_vectors.json").read_text())
    tried = [(kinds[one["header"]], one) for one in vectors if one.get("header") in kinds]
    assert {kind for kind, _ in tried} == {"line", "whatsapp", "x"}
    kept = 0
    for kind, one in tried:
        account = connect(kind, f"A{kept}", secret=one["secret"])
        raw = one["body"].encode() + (b" " if tamper else b"")
        answer = post(client, account, raw, headers={one["header"]: one["value"]})
        assert answer.status_code == (401 if tamper else 200)
        kept += 1
    assert len(rows(database, InboundEvent)) == (0 if tamper else kept)


@needs_samples
def test_the_question_of_x_is_answered_as_in_its_example(client: TestClient, connect: Connect) -> None:
    vectors = json.loads((SAMPLES / "signature_vectors.json").read_text())
    (one,) = (one for one in vectors if one["vendor"] == "x CRC")
    account = connect("x", secret=one["secret"])
    assert client.get(f"/hooks/x/{account.key}?{one['query']}").json() == one["response"]


@pytest.mark.parametrize("question", ['{"data":{}}', "a b", "ü", "", "x" * 500, '"'])
def test_nobody_gets_a_body_of_their_own_signed(client: TestClient, connect: Connect, question: str) -> None:
    account = connect("x")
    assert client.get(f"/hooks/x/{account.key}", params={"crc_token": question}).status_code == 403


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


def meta_call(account: str, kind: str = "page", mid: str = "m") -> bytes:
    event = {"sender": {"id": "P"}, "recipient": {"id": account}, "message": {"mid": mid, "text": mid}}
    return json.dumps({"object": kind, "entry": [{"id": account, "messaging": [event]}]}).encode()


def test_one_address_of_an_app_serves_all_its_pages_and_each_gets_its_own(
    database: Database, client: TestClient, connect: Connect, other_brand: Brand
) -> None:
    first, second = connect("messenger", "1"), connect("messenger", "2", brand_id=other_brand.pk)
    gram = connect("instagram", "3")
    for raw in (meta_call("1", mid="a"), meta_call("2", mid="b"), meta_call("3", "instagram", mid="c")):
        assert post(client, first, raw).status_code == 200
    kept = {(one.account_id, one.brand_id, one.state) for one in rows(database, InboundEvent)}
    assert kept == {
        (first.pk, first.brand_id, "queued"),
        (second.pk, other_brand.pk, "queued"),
        (gram.pk, gram.brand_id, "queued"),
    }


def test_nothing_reaches_an_account_whose_provider_did_not_sign_it(
    database: Database, client: TestClient, connect: Connect, other_brand: Brand
) -> None:
    """The owner of one account may know the name of another's page."""
    mine, theirs = connect("messenger", "1"), connect("messenger", "2", "their own", brand_id=other_brand.pk)
    assert post(client, mine, meta_call("2")).status_code == 200
    kept = only(database, InboundEvent)
    assert (kept.account_id, kept.state) == (mine.pk, "quarantined")
    assert "not connected" in str(kept.reason)
    assert theirs.pk != kept.account_id


def test_what_was_told_before_an_account_was_connected_goes_to_it_on_the_next_try(
    database: Database, client: TestClient, admin_client: TestClient, connect: Connect, intake: Intake
) -> None:
    """Another app's account of the same name gets nothing, and what it was told itself meanwhile comes once."""
    mine = connect("messenger", "1")
    for mid in ("m1", "m2"):
        assert post(client, mine, meta_call("2", mid=mid)).status_code == 200
    connect("messenger", "2", "their own")
    first, second = rows(database, InboundEvent)
    retry = f"/settings/channels/{mine.key}/events/{first.key}/retry"
    refused = admin_client.post(retry)
    assert refused.status_code == 409 and "Messenger 2" in refused.text
    with database.write() as unit:
        unit.session.exec(select(ChannelAccount).where(ChannelAccount.address == "2")).one().address = "3"
    home = connect("messenger", "2")
    assert admin_client.post(retry).status_code == 303
    post(client, home, meta_call("2", mid="m2"))
    assert admin_client.post(f"/settings/channels/{mine.key}/events/retry").status_code == 303
    while intake.drain():
        pass
    assert [(one.text, one.account_id) for one in rows(database, Message)] == [
        ("m1", home.pk),
        ("m2", home.pk),
    ]
    states = {one.pk: (one.account_id, one.state) for one in rows(database, InboundEvent)}
    assert states[first.pk] == (home.pk, "done")
    assert states[second.pk] == (mine.pk, "duplicate")


def test_a_wrong_signature_is_told_by_every_process_until_a_right_one_comes(
    database: Database,
    client: TestClient,
    admin_client: TestClient,
    connect: Connect,
    clock: Any,
    app: Any,
    settings: Any,
) -> None:
    account = connect("line")
    assert post(client, account, line_text(1), secret="wrong").status_code == 401
    parts = make_parts(settings, clock=clock, database=database)
    other = TestClient(build(settings, work=False, parts=parts), follow_redirects=False)
    other.cookies.update(admin_client.cookies)
    page = f"/settings/channels/{account.key}"
    for one in (admin_client, other):
        assert "A call that proved nothing was refused" in one.get(page).text
    clock.advance(minutes=1)
    assert post(client, account, line_text(2)).status_code == 200
    for one in (admin_client, other):
        assert "A call that proved nothing" not in one.get(page).text


def test_the_test_button_of_meta_is_for_whoever_is_called(
    database: Database, client: TestClient, connect: Connect
) -> None:
    post(client, connect("messenger", "1"), meta_call("0"))
    assert only(database, InboundEvent).state == "queued"


def test_twilio_hears_nothing_that_it_would_read_to_the_customer(
    client: TestClient, connect: Connect
) -> None:
    answer = post(client, connect("sms"), BODIES["sms"])
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text == "<Response></Response>"


def test_a_new_secret_counts_at_once_and_an_ended_one_no_more(
    database: Database, client: TestClient, connect: Connect, seal: Seal, clock: Any
) -> None:
    account = connect("line")
    assert post(client, account, line_text(1)).status_code == 200  # the account is in memory now
    until = (clock.now + timedelta(hours=1)).isoformat()
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).secrets = seal.close(
            {
                "channel_secret": "new",
                "old_channel_secret": SECRET,
                "old_channel_secret_until": until,
            }
        )
    assert post(client, account, line_text(2), secret="new").status_code == 200
    assert post(client, account, line_text(3)).status_code == 200
    clock.advance(hours=2)
    assert post(client, account, line_text(4)).status_code == 401
    assert post(client, account, line_text(5), secret="new").status_code == 200
    assert len(rows(database, InboundEvent)) == 4


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


def test_the_simulator_signs_as_the_helpdesk_reads(
    database: Database, client: TestClient, connect: Connect
) -> None:
    for kind in ("line", "messenger", "instagram", "whatsapp", "telegram"):
        account = connect(kind)
        made = VENDORS[kind](
            Deed("text", "7001", utc_now(), "1001", "x"), dict.fromkeys(SECRETS, SECRET), "A"
        )
        assert post(client, account, made.body, headers=dict(made.headers)).status_code == 200
    assert {one.state for one in rows(database, InboundEvent)} == {"queued"}

"""Signatures of every provider: those of the vendors' own documentation pass, changed ones do not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from helpdesk.channels.line.hook import LineHook
from helpdesk.channels.meta.hook import MetaHook
from helpdesk.channels.phone.aircall import AircallHook
from helpdesk.channels.phone.twilio import TwilioHook
from helpdesk.channels.telegram.hook import TelegramHook
from helpdesk.channels.webhook import Call, Webhook
from helpdesk.channels.x.hook import XHook
from helpdesk.errors import Invalid

BODY = '{"events":[],"entry":[],"update_id":7,"note":"届きません 😢"}'.encode()
SECRET = "a secret of this test"


def digest(algorithm: str = "sha256", message: bytes = BODY) -> bytes:
    return hmac.new(SECRET.encode(), message, algorithm).digest()


def b64(signature: bytes) -> str:
    return base64.b64encode(signature).decode()


SIGNED: list[tuple[Webhook, str, Mapping[str, str]]] = [
    (LineHook(), "channel_secret", {"x-line-signature": b64(digest())}),
    (MetaHook(), "app_secret", {"x-hub-signature-256": "sha256=" + digest().hex()}),
    (XHook(), "consumer_secret", {"x-twitter-webhooks-signature": "sha256=" + b64(digest())}),
    (TelegramHook(), "webhook_secret", {"x-telegram-bot-api-secret-token": SECRET}),
]
NAMES = [type(hook).__name__ for hook, _, _ in SIGNED]


@pytest.mark.parametrize(("hook", "name", "headers"), SIGNED, ids=NAMES)
def test_a_genuine_call_passes(hook: Webhook, name: str, headers: Mapping[str, str]) -> None:
    assert hook.genuine({name: SECRET}, Call(BODY, headers))


@pytest.mark.parametrize(("hook", "name", "headers"), SIGNED, ids=NAMES)
def test_during_a_change_both_secrets_pass(hook: Webhook, name: str, headers: Mapping[str, str]) -> None:
    assert hook.genuine({name: "a new one", f"old_{name}": SECRET}, Call(BODY, headers))


@pytest.mark.parametrize("given", ["", "sha256=", "0", "ü", "sha256=zz", "A" * 5000, "sha256=" + "00" * 32])
@pytest.mark.parametrize(("hook", "name", "headers"), SIGNED, ids=NAMES)
def test_a_wrong_signature_never_passes_nor_breaks(
    hook: Webhook, name: str, headers: Mapping[str, str], given: str
) -> None:
    assert not hook.genuine({name: SECRET}, Call(BODY, {next(iter(headers)): given}))
    assert not hook.genuine({name: SECRET}, Call(BODY, {}))
    assert not hook.genuine({}, Call(BODY, headers))
    assert not hook.genuine({name: ""}, Call(BODY, headers))


@pytest.mark.parametrize(("hook", "name", "headers"), SIGNED[:3], ids=NAMES[:3])
def test_a_changed_body_does_not_pass(hook: Webhook, name: str, headers: Mapping[str, str]) -> None:
    assert not hook.genuine({name: SECRET}, Call(BODY + b" ", headers))


def test_the_published_example_of_line_passes() -> None:
    call = Call(b"bodybodybodybody", {"x-line-signature": "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="})
    assert LineHook().genuine({"channel_secret": "channel_secret"}, call)


def test_the_published_example_of_twilio_passes() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    call = Call(urlencode(fields).encode(), {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, url=url)
    assert TwilioHook().genuine({"auth_token": "12345"}, call)
    assert not TwilioHook().genuine({"auth_token": "12346"}, call)


def test_twilio_behind_a_proxy_that_hides_the_port() -> None:
    said = "https://help.example:443/hooks" + "MessageSidSM1"
    signature = b64(hmac.new(b"t", said.encode(), hashlib.sha1).digest())
    call = Call(b"MessageSid=SM1", {"x-twilio-signature": signature}, url="https://help.example/hooks")
    assert TwilioHook().genuine({"auth_token": "t"}, call)


def test_aircall_names_a_token_which_is_not_kept() -> None:
    body = json.dumps(
        {"token": SECRET, "event": "call.ended", "resource": "call", "data": {"id": 5}}
    ).encode()
    assert AircallHook().genuine({"token": SECRET}, Call(body, {}))
    assert not AircallHook().genuine({"token": "another"}, Call(body, {}))
    assert not AircallHook().genuine({"token": SECRET}, Call(b"[", {}))
    (piece,) = AircallHook().split(body)
    assert SECRET.encode() not in piece.raw


def test_meta_asks_for_the_word_that_was_agreed_on() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "42"}
    assert MetaHook().answer({"verify_token": "word"}, asked) == "42"
    assert MetaHook().answer({"verify_token": "other"}, asked) is None
    assert MetaHook().answer({}, {**asked, "hub.verify_token": ""}) is None


def test_x_is_answered_with_a_signature_of_its_question() -> None:
    said = XHook().answer({"consumer_secret": SECRET}, {"crc_token": "challenge"})
    assert json.loads(said or "") == {"response_token": "sha256=" + b64(digest(message=b"challenge"))}


@pytest.mark.parametrize("hook", [LineHook(), MetaHook(), XHook(), TelegramHook(), AircallHook()])
@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"7", b"\xff\xfe", b"[" * 100_000])
def test_what_cannot_be_read_is_named_so(hook: Webhook, body: bytes) -> None:
    with pytest.raises(Invalid):
        hook.split(body)


def test_a_redelivered_event_of_line_is_the_same() -> None:
    event = {"type": "follow", "webhookEventId": "E1", "deliveryContext": {"isRedelivery": False}}
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    other = {**event, "webhookEventId": "E2"}
    ids = [
        one.external_id for one in LineHook().split(json.dumps({"events": [event, again, other]}).encode())
    ]
    assert ids[0] == ids[1] != ids[2]


def test_many_events_of_meta_in_one_call_are_parted() -> None:
    def message(mid: str) -> dict[str, object]:
        return {"sender": {"id": "P"}, "recipient": {"id": "A"}, "message": {"mid": mid, "text": "x"}}

    entry = {
        "id": "A",
        "messaging": [message("m1"), message("m2")],
        "changes": [{"field": "feed", "value": {}}],
    }
    pieces = MetaHook().split(json.dumps({"object": "page", "entry": [entry, entry]}).encode())
    assert len(pieces) == 6
    assert len({one.external_id for one in pieces}) == 3

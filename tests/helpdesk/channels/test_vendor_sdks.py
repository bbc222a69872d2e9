"""The providers' own libraries and we read the same calls alike."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.channels.incoming import Change, Incoming
from helpdesk.channels.line.hook import LineHook
from helpdesk.channels.line.parse import parse as parse_line
from helpdesk.channels.meta.hook import MetaHook
from helpdesk.channels.phone.twilio import TwilioHook
from helpdesk.channels.webhook import Call
from helpdesk.channels.whatsapp.parse import parse as parse_whatsapp
from helpdesk.simulate.vendors import VENDORS, Deed

SAMPLES = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).parents[4] / "shared")) / "samples"
WHEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the measuring data (HELPDESK_SHARED) is not here"
)
secrets = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=40)


@settings(max_examples=50, deadline=None)
@given(secrets, st.text(max_size=200))
def test_line_signs_as_its_library_checks(secret: str, body: str) -> None:
    checks = pytest.importorskip("linebot.v3.webhook").SignatureValidator(secret)
    raw = body.encode("utf-8", "replace")
    signature = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
    for given_signature in (signature, signature[:-2] + "A="):
        call = Call(raw, {"x-line-signature": given_signature})
        assert LineHook().genuine({"channel_secret": secret}, call) == checks.validate(
            raw.decode(), given_signature
        )


def line_bodies() -> Iterator[bytes]:
    if SAMPLES.is_dir():
        yield (SAMPLES / "line" / "webhook_all_events.json").read_bytes()
    for kind in ("text", "sticker", "picture", "voice", "location", "unsend", "follow", "block", "press"):
        deed = Deed(kind, "U1", WHEN, "1001", "届きません", of="1000")
        yield VENDORS["line"](deed, {"channel_secret": "s"}, "U0").body


def test_line_events_say_the_same_to_its_library() -> None:
    webhook = pytest.importorskip("linebot.v3.webhook")
    models = pytest.importorskip("linebot.v3.webhooks")
    seen = set()
    for body in line_bodies():
        signature = base64.b64encode(hmac.new(b"s", body, hashlib.sha256).digest()).decode()
        theirs = webhook.WebhookParser("s").parse(body.decode(), signature)
        ours = [parse_line(one.raw) for one in LineHook().split(body)]
        assert len(theirs) == len(ours)
        for their, our in zip(theirs, ours, strict=True):
            seen.add(type(their).__name__)
            assert_alike(models, their, our)
    assert {"MessageEvent", "UnsendEvent", "FollowEvent", "UnfollowEvent", "PostbackEvent"} <= seen


def assert_alike(models: Any, their: Any, our: Incoming | Change) -> None:
    source = their.source
    who = our.sender if isinstance(our, Incoming) else None
    if source is not None and getattr(source, "user_id", None) and who is not None:
        assert who.address == source.user_id
    at = our.sent_at if isinstance(our, Incoming) else our.at
    assert at is not None
    assert round(at.timestamp() * 1000) == their.timestamp
    assert isinstance(our, Incoming) == isinstance(their, models.MessageEvent | models.PostbackEvent)
    if isinstance(our, Incoming) and isinstance(their, models.MessageEvent):
        message = their.message
        assert our.external_id == message.id
        assert our.reply_token == (their.reply_token or "")
        if isinstance(message, models.TextMessageContent):
            assert our.text == message.text
            assert our.content.get("quotes") == message.quoted_message_id
        if isinstance(message, models.StickerMessageContent):
            assert our.content["type"] == "sticker"
            assert our.content["keywords"] == (message.keywords or [])[:15]
        if isinstance(message, models.LocationMessageContent):
            assert (our.content["latitude"], our.content["longitude"]) == (
                message.latitude,
                message.longitude,
            )
        if isinstance(message, models.FileMessageContent):
            assert (our.media[0].name, our.media[0].size) == (message.file_name, message.file_size)
    if isinstance(our, Change) and isinstance(their, models.UnsendEvent):
        assert our.of == (their.unsend.message_id,)


@settings(max_examples=50, deadline=None)
@given(secrets, st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_meta_signs_as_a_library_for_whatsapp_checks(secret: str, body: str) -> None:
    utils = pytest.importorskip("pywa.utils")
    raw = body.encode()
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    for header in (f"sha256={digest}", f"sha256={digest[:-1]}x"):
        theirs = utils.webhook_updates_validator(secret, raw, header)
        assert (
            MetaHook().genuine({"app_secret": secret}, Call(raw, {"x-hub-signature-256": header})) == theirs
        )


@pytest.fixture(scope="module")
def pywa_client() -> Any:
    return pytest.importorskip("pywa").WhatsApp(phone_id="9", token="t", server=None)


def whatsapp_body(message: dict[str, Any]) -> dict[str, Any]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "1", "phone_number_id": "9"},
        "contacts": [{"wa_id": message["from"], "user_id": "JP.123", "profile": {"name": "環"}}],
        "messages": [{**message, "from_user_id": "JP.123"}],
    }
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "WABA", "changes": [change]}]}


@needs_samples
@pytest.mark.parametrize(
    "name", ["TextMessage_2", "ImageMessage_1", "LocationMessage_1", "ContactSharingMessage", "OrderMessage"]
)
def test_whatsapp_messages_say_the_same_to_a_library(pywa_client: Any, name: str) -> None:
    types = pytest.importorskip("pywa.types")
    samples = json.loads((SAMPLES / "meta_whatsapp" / "incoming_message_objects.json").read_text())
    body = whatsapp_body(samples[name])
    theirs = types.Message.from_update(pywa_client, update=body)
    (piece,) = MetaHook().split(json.dumps(body).encode())
    ours = parse_whatsapp(piece.raw)
    assert isinstance(ours, Incoming)
    assert ours.external_id == theirs.id
    assert ours.content["phone"] == theirs.from_user.wa_id
    assert ours.author.address == "JP.123"
    assert ours.author.name == theirs.from_user.name
    assert ours.sent_at == theirs.timestamp.astimezone(UTC)
    if name.startswith("Text"):
        assert ours.text == theirs.text
    if name.startswith("Image"):
        assert (ours.media[0].ref, ours.text) == (theirs.image.id, theirs.caption)
        assert base64.b64encode(bytes.fromhex(ours.media[0].sha256)).decode() == theirs.image.sha256
    if name.startswith("Location"):
        assert ours.content["latitude"] == theirs.location.latitude


@settings(max_examples=50, deadline=None)
@given(
    secrets,
    st.dictionaries(
        st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=8),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
        max_size=6,
    ),
)
def test_twilio_signs_as_its_library_does(token: str, form: dict[str, str]) -> None:
    validator = pytest.importorskip("twilio.request_validator").RequestValidator(token)
    url = "https://help.example/hooks/sms/k?a=1"
    call = Call(
        urlencode(form).encode(), {"x-twilio-signature": validator.compute_signature(url, form)}, url=url
    )
    assert TwilioHook().genuine({"auth_token": token}, call)
    assert not TwilioHook().genuine({"auth_token": token + "x"}, call)

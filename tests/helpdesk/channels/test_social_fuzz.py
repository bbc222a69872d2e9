"""Calls with anything in any place: what comes of them can always be stored and shown.

HELPDESK_FUZZ=20000 tries so many; without it the number is small.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.channels import registry
from helpdesk.channels.incoming import Change, Incoming
from helpdesk.channels.social import CHANNELS
from helpdesk.channels.webhook import Call
from helpdesk.errors import Invalid
from helpdesk.simulate.vendors import VENDORS, Deed

TRIES = int(os.environ.get("HELPDESK_FUZZ", "150"))
WHEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRETS = dict.fromkeys(("channel_secret", "app_secret", "webhook_secret", "verify_token"), "s")
DEEDS = (
    "text",
    "sticker",
    "picture",
    "location",
    "unsend",
    "edit",
    "react",
    "press",
    "read",
    "voice",
    "follow",
)
X_CALL: dict[str, Any] = {
    "data": {
        "event_type": "dm.received",
        "filter": {"user_id": "1"},
        "payload": {
            "direct_message_events": [
                {
                    "type": "message_create",
                    "id": "d",
                    "created_timestamp": "1790000000000",
                    "message_create": {
                        "sender_id": "2",
                        "target": {"recipient_id": "1"},
                        "message_data": {
                            "text": "x https://t.co/a",
                            "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://a"}]},
                            "attachment": {
                                "media": {"media_url_https": "https://a", "url": "https://t.co/a"}
                            },
                        },
                    },
                }
            ],
            "users": {"2": {"data": {"name": "x"}}},
        },
    }
}
AIRCALL: dict[str, Any] = {
    "resource": "call",
    "event": "call.ended",
    "timestamp": 1790000000,
    "token": "t",
    "data": {
        "id": 5,
        "direction": "inbound",
        "answered_at": None,
        "ended_at": 1790000000,
        "duration": 3,
        "raw_digits": "+81 90",
        "recording": "https://a",
        "contact": {"first_name": "x"},
    },
}
FORMS: list[dict[str, Any]] = [
    {"MessageSid": "SM1", "From": "+8190", "Body": "x", "NumMedia": "1", "MediaUrl0": "https://a"},
    {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "1", "To": "+8190"},
    {"CallSid": "CA1", "CallStatus": "no-answer", "From": "+8190", "CallDuration": "3"}
    | {"Timestamp": "Tue, 21 Sep 2026 14:00:00 +0000"},
    {"CallSid": "CA1", "RecordingSid": "RE1", "RecordingUrl": "https://a", "From": "anonymous"},
]


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Calls as they should be."""
    for kind, call in VENDORS.items():
        for what in DEEDS:
            deed = Deed(what, "7001", WHEN, "1001", "届きません", of="1000", data={"url": "https://a/b.png"})
            try:
                yield kind, json.loads(call(deed, SECRETS, "A").body)
            except (KeyError, ValueError):
                continue  # not done there
    yield "x", X_CALL
    yield "phone", AIRCALL
    for form in FORMS:
        yield "sms" if "MessageSid" in form else "phone", form


BODIES = list(bodies())
odd_words = st.text(max_size=12) | st.sampled_from(
    [
        *(
            "\0",
            "\ud800",
            "javascript:alert(1)",
            "9" * 5000,
            "1e999",
            "-1",
            "٣",
            "NaN",
            "0001-01-01T00:00:00Z",
        ),
        *("9999-12-31T23:59:59-23:59", "Mon, 01 Jan 2024 00:00:00 +9999999", "a" * 3000, "…", "\u202e"),
    ]
)
odd: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -1, 0, 1e308, float("inf"), float("nan")])
    | odd_words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_words, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something could stand in its place."""
    if path:
        yield path
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(inner, (*path, name))


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    kind, body = draw(st.sampled_from(BODIES))
    made = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        where = draw(st.sampled_from(list(places(made))))
        inner = made
        for step in where[:-1]:
            inner = inner[step]
        inner[where[-1]] = draw(odd)
    return kind, made


def raw_of(kind: str, body: dict[str, Any]) -> bytes:
    if kind in ("sms", "phone") and "resource" not in body:
        return urlencode({str(a): str(b) for a, b in body.items()}, errors="replace").encode()
    return json.dumps(body).encode()


@settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(calls())
def test_nothing_in_any_place_breaks_what_reads_it(call: tuple[str, dict[str, Any]]) -> None:
    kind, body = call
    channel, raw = CHANNELS[kind], raw_of(kind, body)
    assert channel.hook.genuine({}, Call(raw, {})) is False
    try:
        pieces = channel.hook.split(raw)
    except Invalid:
        return
    for piece in pieces:
        assert len(piece.external_id) <= 200
        assert_storable(piece.external_id)
        assert_storable(piece.account)
        try:
            parsed = registry.parse(kind, piece.raw)
        except Invalid:
            continue
        assert_sound(parsed)


def assert_sound(parsed: Incoming | Change) -> None:
    if isinstance(parsed, Change):
        assert_storable([parsed.of, parsed.text, parsed.emoji, parsed.external_id, parsed.contact.address])
        assert_storable(dict(parsed.data))
        assert parsed.at is None or parsed.at.tzinfo is not None
        return
    assert len(parsed.fingerprint) <= 64
    assert_storable([parsed.text, parsed.external_id, parsed.author.address, parsed.author.name])
    assert_storable([parsed.sender.address, parsed.reply_token, dict(parsed.content)])
    assert parsed.text or parsed.content or parsed.media
    assert parsed.sent_at is None or parsed.sent_at.utcoffset() is not None
    for name in ("url", "picture"):
        assert str(parsed.content.get(name) or "https://").startswith(("https://", "http://"))
    for name in ("latitude", "longitude"):
        assert isinstance(parsed.content.get(name, 0.0), int | float)
    for one in parsed.media:
        assert_storable([one.ref, one.name, one.content_type])


def assert_storable(value: Any) -> None:
    """As text and as JSON, on every database."""
    if isinstance(value, dict):
        for name, inner in value.items():
            assert_storable([name, inner])
    elif isinstance(value, list | tuple):
        for one in value:
            assert_storable(one)
    elif isinstance(value, str):
        assert "\0" not in value
        value.encode()
    elif isinstance(value, float):
        json.dumps(value, allow_nan=False)


@pytest.mark.parametrize("kind", list(CHANNELS))
@pytest.mark.parametrize("raw", [b"", b"\xff\xfe{", b"{}", b"[]", b"null", b"{" * 3000, b"a=%00%ff", b"\0"])
def test_what_is_no_call_at_all_is_named_so(kind: str, raw: bytes) -> None:
    hook = CHANNELS[kind].hook
    assert hook.genuine(dict.fromkeys(SECRETS, ""), Call(raw, {})) is False
    try:
        for one in hook.split(raw):
            CHANNELS[kind].parse(one.raw)
    except Invalid as error:
        assert error.text

"""Calls of every provider as its servers make and sign them, and where the vendors' own examples are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.testclient import TestClient

from helpdesk.models import ChannelAccount

SAMPLES = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).parents[4] / "shared")) / "samples"
SECRET = "helpdesk_test_secret"
SECRETS = ("channel_secret", "app_secret", "consumer_secret", "webhook_secret", "auth_token")
Connect = Callable[..., ChannelAccount]
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the measuring data (HELPDESK_SHARED) is not here"
)


def post(client: TestClient, account: ChannelAccount, raw: bytes, **given: Any) -> Any:
    path = f"/hooks/{account.kind}/{account.key}"
    headers = given.pop("headers", None) or sign(account.kind, raw, f"http://testserver{path}", **given)
    return client.post(path, content=raw, headers=headers)


def sign(kind: str, raw: bytes, url: str = "", secret: str = SECRET) -> dict[str, str]:
    """As the providers describe it."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    if kind == "sms":
        fields = sorted(parse_qsl(raw.decode(), keep_blank_values=True))
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


def line_text(number: int = 1, text: str = "届きません") -> bytes:
    event = {
        "type": "message",
        "webhookEventId": f"E{number}",
        "timestamp": 1_767_581_400_000 + number,
        "source": {"type": "user", "userId": "U1"},
        "message": {"id": str(number), "type": "text", "text": text},
    }
    return json.dumps({"destination": "U0", "events": [event]}).encode()


def meta_call(account: str, kind: str = "page", mid: str = "m") -> bytes:
    event = {"sender": {"id": "P"}, "recipient": {"id": account}, "message": {"mid": mid, "text": mid}}
    return json.dumps({"object": kind, "entry": [{"id": account, "messaging": [event]}]}).encode()


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

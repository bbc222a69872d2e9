"""What X calls us with: signed with the consumer secret, which also answers its regular question."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from helpdesk.channels import sign
from helpdesk.channels.webhook import Call, Piece, digest, event_id, read_object, write

HEADER = "x-twitter-webhooks-signature"
QUESTION = re.compile(r"[A-Za-z0-9_.+/=-]{1,300}")


class XHook:
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        known = (str(secrets.get(name) or "") for name in ("consumer_secret", "old_consumer_secret"))
        kind, _, signature = call.headers.get(HEADER, "").partition("=")
        return kind == "sha256" and sign.hmac_base64(known, call.body, signature)

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        """Only of what can be a question: a body in its place would come back signed, ready to be sent to us."""
        secret, token = str(secrets.get("consumer_secret") or ""), query.get("crc_token", "")
        if not secret or not QUESTION.fullmatch(token):
            return None
        signed = hmac.new(secret.encode(), token.encode(), hashlib.sha256).digest()
        return json.dumps({"response_token": "sha256=" + base64.b64encode(signed).decode()})

    def split(self, body: bytes) -> list[Piece]:
        """Each direct message with its people; whatever else comes stays whole."""
        told = list(_events(read_object(body)))
        return [
            Piece(event_id(str(one["id"] or one["type"])[:100], digest(one)), write(one), "x", one["owner"])
            for one in told
        ]


def _events(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Of the activity API ({"data": {…}}) or of the older one ({"for_user_id": …})."""
    data = call.get("data")
    outer: Mapping[str, Any] = data if isinstance(data, dict) else {}
    payload = outer.get("payload")
    inner: Mapping[str, Any] = payload if isinstance(payload, dict) else call
    users = inner.get("users") if isinstance(inner.get("users"), dict) else {}
    kind = str(outer.get("event_type") or "")
    owner = _owner(call, outer)
    messages = inner.get("direct_message_events")
    if isinstance(messages, list) and any(isinstance(one, dict) for one in messages):
        for one in messages:
            if isinstance(one, dict):
                yield {
                    "type": "dm",
                    "id": str(one.get("id") or ""),
                    "owner": owner,
                    "event": one,
                    "users": users,
                }
        return
    yield {
        "type": kind or "unknown",
        "id": str(outer.get("event_uuid") or ""),
        "owner": owner,
        "event": dict(inner),
        "users": users,
    }


def _owner(call: Mapping[str, Any], outer: Mapping[str, Any]) -> str:
    wanted = outer.get("filter")
    return str((wanted.get("user_id") if isinstance(wanted, dict) else "") or call.get("for_user_id") or "")

"""Twilio's calls: forms, signed with the address that was called and every field (HMAC-SHA1, their rule)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from helpdesk.channels.webhook import Call, Piece, digest, event_id, write
from helpdesk.errors import Invalid

HEADER = "x-twilio-signature"
PORTS = {"https": 443, "http": 80}


class TwilioHook:
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        """With the address as it was called, with and without the port: proxies differ."""
        given = call.headers.get(HEADER, "").encode("utf-8", "replace")
        tokens = [str(secrets.get(name) or "") for name in ("auth_token", "old_auth_token")]
        try:
            fields = _fields(call.body)
        except Invalid:
            return False
        wanted = [_signature(token, url, fields) for token in tokens if token for url in _ports(call.url)]
        return any([hmac.compare_digest(one, given) for one in wanted])  # noqa: C419 all are compared

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        return None

    def split(self, body: bytes) -> list[Piece]:
        form = {name: value.replace("\0", "") for name, value in _fields(body)}
        number = form.get("MessageSid") or form.get("CallSid")
        if not number:
            raise Invalid("a call of Twilio names a message or a telephone call")
        state = form.get("MessageStatus") or form.get("CallStatus") or form.get("RecordingSid") or "in"
        if form.get("MessageSid") and not form.get("MessageStatus"):
            return [Piece(event_id(number, "in"), write(form))]  # the same message, whatever fields are new
        return [Piece(event_id(number, state, digest(form)), write(form))]


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=500)
    except ValueError as error:
        raise Invalid("this is no form") from error


def _signature(token: str, url: str, fields: Iterable[tuple[str, str]]) -> bytes:
    said = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest())


def _ports(url: str) -> list[str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or PORTS.get(parts.scheme, 443)
    with_port = urlunsplit(parts._replace(netloc=f"{host}:{port}"))
    return [url, with_port, urlunsplit(parts._replace(netloc=host))]

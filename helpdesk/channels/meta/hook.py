"""What Meta calls us with, for Messenger, Instagram and WhatsApp alike: signed by the app, many events a call."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from helpdesk.channels import sign
from helpdesk.channels.webhook import Call, Piece, digest, read_object, write
from helpdesk.errors import Invalid

HEADER = "x-hub-signature-256"


class MetaHook:
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        known = (str(secrets.get(name) or "") for name in ("app_secret", "old_app_secret"))
        kind, _, signature = call.headers.get(HEADER, "").partition("=")
        return kind == "sha256" and sign.hmac_hex(known, call.body, signature)

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        """The challenge comes back to whoever knows the word that was agreed on."""
        agreed = str(secrets.get("verify_token") or "")
        given = query.get("hub.verify_token", "")
        known = agreed and hmac.compare_digest(agreed.encode(), given.encode("utf-8", "replace"))
        return query.get("hub.challenge", "") if known and query.get("hub.mode") == "subscribe" else None

    def split(self, body: bytes) -> list[Piece]:
        """Each event with the account that it is for: {"object", "account", "via", "event"}."""
        call = read_object(body)
        entries = call.get("entry")
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise Invalid("a call of Meta has a list of entries")
        told = [
            {"object": str(call.get("object") or ""), **one} for entry in entries for one in _events(entry)
        ]
        return [Piece(f"{told_['via']}:{digest(told_)}", write(told_)) for told_ in told]


def _events(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    account = str(entry.get("id") or "")
    for via in ("messaging", "standby"):
        for event in _dicts(entry.get(via)):
            yield {"account": account, "via": via, "event": event}
    for change in _dicts(entry.get("changes")):
        value = change.get("value")
        if isinstance(value, dict) and change.get("field") in ("messages", "smb_message_echoes"):
            yield from _whatsapp(account, str(change["field"]), value)
        else:
            yield {"account": account, "via": "change", "event": change}


def _whatsapp(account: str, field: str, value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each message and each status by itself, with who it is about."""
    shared = {name: value[name] for name in ("metadata", "contacts") if name in value}
    for via in ("messages", "message_echoes", "statuses", "errors"):
        for event in _dicts(value.get(via)):
            yield {"account": account, "via": via, "event": event, **shared}
    if not any(value.get(via) for via in ("messages", "message_echoes", "statuses", "errors")):
        yield {"account": account, "via": field, "event": dict(value)}


def _dicts(given: object) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []

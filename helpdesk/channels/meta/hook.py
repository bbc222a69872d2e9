"""What Meta calls us with, for Messenger, Instagram and WhatsApp alike: signed by the app, many events a call."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from helpdesk.channels import sign
from helpdesk.channels.given import mappings
from helpdesk.channels.webhook import Call, Piece, digest, event_id, read_object, write
from helpdesk.errors import Invalid

HEADER = "x-hub-signature-256"
KINDS = {"page": "messenger", "instagram": "instagram", "whatsapp_business_account": "whatsapp"}
TEST = "0"  # the account that calls from Meta's own test button are for


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
        return [_piece(one) for one in told]


def _piece(told: Mapping[str, Any]) -> Piece:
    """One app calls one address for all its pages and numbers."""
    metadata = told.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    kind = KINDS.get(str(told["object"]), "")
    account = str(number or "") if kind == "whatsapp" else str(told["account"])
    same = {name: value for name, value in told.items() if name != "time"}
    return Piece(event_id(told["via"], digest(same)), write(told), kind, account if account != TEST else "")


def _events(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    account = str(entry.get("id") or "")
    if not any(isinstance(entry.get(via), list) for via in ("messaging", "standby", "changes")):
        yield {"account": account, "via": "entry", "event": dict(entry)}
    for via in ("messaging", "standby"):
        for event in mappings(entry.get(via)):
            yield {"account": account, "via": via, "event": event}
    for change in mappings(entry.get("changes")):
        value = change.get("value")
        if isinstance(value, dict) and change.get("field") in ("messages", "smb_message_echoes"):
            yield from _whatsapp(account, str(change["field"]), value)
        else:
            yield {"account": account, "via": "change", "event": change, "time": entry.get("time")}


def _whatsapp(account: str, field: str, value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each message and each status by itself, with who it is about."""
    shared = {name: value[name] for name in ("metadata", "contacts") if name in value}
    for via in ("messages", "message_echoes", "statuses", "errors"):
        for event in mappings(value.get(via)):
            yield {"account": account, "via": via, "event": event, **shared}
    if not any(value.get(via) for via in ("messages", "message_echoes", "statuses", "errors")):
        yield {"account": account, "via": field, "event": dict(value)}

"""What LINE calls us with: `x-line-signature` over the raw body, several events in one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.channels import sign
from helpdesk.channels.webhook import Call, Piece, digest, event_id, read_object, write
from helpdesk.errors import Invalid


class LineHook:
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        known = (str(secrets.get(name) or "") for name in ("channel_secret", "old_channel_secret"))
        return sign.hmac_base64(known, call.body, call.headers.get("x-line-signature", ""))

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        return None

    def split(self, body: bytes) -> list[Piece]:
        """A probe has no events. A redelivered event differs in `deliveryContext` alone."""
        events = read_object(body).get("events")
        if not isinstance(events, list) or not all(isinstance(one, dict) for one in events):
            raise Invalid("a call of LINE has a list of events")
        return [Piece(identity(one), write(one)) for one in events]


def identity(event: Mapping[str, Any]) -> str:
    """LINE's own id, and what the event says: ids of test events repeat."""
    same = {name: value for name, value in event.items() if name != "deliveryContext"}
    return event_id(str(event.get("webhookEventId") or "line")[:80], digest(same))

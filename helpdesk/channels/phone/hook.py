"""Who tells of telephone calls: Twilio in forms, Aircall in JSON. Each proves itself in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.channels.phone.aircall import AircallHook
from helpdesk.channels.phone.twilio import TwilioHook
from helpdesk.channels.webhook import Call, Piece, Webhook

AIRCALL, TWILIO = AircallHook(), TwilioHook()


class PhoneHook:
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        return _of(call.body).genuine(secrets, call)

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        return None

    def split(self, body: bytes) -> list[Piece]:
        return _of(body).split(body)


def _of(body: bytes) -> Webhook:
    """By what was sent: no form begins with a brace."""
    return AIRCALL if body.lstrip()[:1] == b"{" else TWILIO

"""Aircall's calls: JSON with a token in it instead of a signature."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from helpdesk.channels.webhook import Call, Piece, event_id, read_object, write
from helpdesk.errors import Invalid


class AircallHook:
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        try:
            given = str(read_object(call.body).get("token") or "").encode("utf-8", "replace")
        except Invalid:
            return False
        known = [str(secrets.get(name) or "").encode() for name in ("token", "old_token")]
        return any([hmac.compare_digest(one, given) for one in known if one])  # noqa: C419 all are compared

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        return None

    def split(self, body: bytes) -> list[Piece]:
        """The token is not kept."""
        told = {name: value for name, value in read_object(body).items() if name != "token"}
        data = told.get("data")
        number = data.get("id") if isinstance(data, dict) else None
        if number is None:
            raise Invalid("an event of Aircall names a telephone call")
        return [Piece(event_id(number, told.get("event")), write(told))]

"""What Telegram calls us with: one update, and the secret that was agreed on in a header."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from helpdesk.channels.webhook import Call, Piece, event_id, read_object, write
from helpdesk.errors import Invalid

HEADER = "x-telegram-bot-api-secret-token"


class TelegramHook:
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        given = call.headers.get(HEADER, "").encode("utf-8", "replace")
        known = [str(secrets.get(name) or "").encode() for name in ("webhook_secret", "old_webhook_secret")]
        return any([hmac.compare_digest(one, given) for one in known if one])  # noqa: C419 all are compared

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        return None

    def split(self, body: bytes) -> list[Piece]:
        update = read_object(body)
        number = update.get("update_id")
        if type(number) is not int:
            raise Invalid("an update of Telegram has a number")
        return [Piece(event_id(number), write(update))]

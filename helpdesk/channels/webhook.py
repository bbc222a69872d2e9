"""What a channel offers that is told by webhook: is it genuine, and which events does it carry?

The web verifies the raw bytes and journals each event; nothing is understood before that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from helpdesk.errors import Invalid


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came. `headers` in lower case; `url` as the provider called it."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One event of a call: the same event has the same id however often it is sent."""

    external_id: str
    raw: bytes = field(repr=False)


class Webhook(Protocol):
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        """Whether the account's provider sent these bytes."""

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        """What a provider's question (GET) is answered with; None when it is not one or a wrong one."""

    def split(self, body: bytes) -> list[Piece]:
        """The events in their order. Raises Invalid for what cannot be read: the caller keeps it whole."""


def read_object(body: bytes) -> dict[str, Any]:
    """Raises Invalid when this is no JSON object."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("this is no JSON: %(why)s", why=str(error)[:200]) from error
    if not isinstance(given, dict):
        raise Invalid("this is JSON, but no object")
    return given


def write(event: Mapping[str, Any]) -> bytes:
    """An event as it is journalled."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def digest(event: Mapping[str, Any]) -> str:
    """Equal for equal events, whatever the order of their fields."""
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()[:24]

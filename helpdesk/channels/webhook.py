"""What a channel offers that is told by webhook: is it genuine, and which events does it carry?

The web verifies the raw bytes and journals each event; nothing is understood before that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from helpdesk.errors import Invalid

DEEPEST = 100  # levels of one call
LONGEST_ID = 150
NOT_KEPT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
BRACKETS = re.compile(rb"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came. `headers` in lower case; `url` as the provider called it."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One event of a call: the same event has the same id however often it is sent.

    `kind` and `account` say whom it is for where one address is called for several accounts.
    """

    external_id: str
    raw: bytes = field(repr=False)
    kind: str = ""
    account: str = ""


class Webhook(Protocol):
    def genuine(self, secrets: Mapping[str, Any], call: Call) -> bool:
        """Whether the account's provider sent these bytes."""

    def answer(self, secrets: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        """What a provider's question (GET) is answered with; None when it is not one or a wrong one."""

    def split(self, body: bytes) -> list[Piece]:
        """The events in their order. Raises Invalid for what cannot be read: the caller keeps it whole."""


def read_object(body: bytes) -> dict[str, Any]:
    """Without what no database keeps (NUL, halves of characters). Raises Invalid when this is no JSON object."""
    try:
        given = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Invalid("this is no JSON: %(why)s", why=str(error)[:200]) from error
    if not isinstance(given, dict):
        raise Invalid("this is JSON, but no object")
    if _depth(body) > DEEPEST:
        raise Invalid("this JSON is nested too deeply")
    return _storable(given) if NOT_KEPT.search(body) else given


def _depth(body: bytes) -> int:
    """Of brackets in each other; few brackets are not deep whatever stands in words."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return 0
    deepest = depth = 0
    for one in BRACKETS.finditer(STRINGS.sub(b"", body)):
        depth += 1 if one[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _storable(given: Any) -> Any:
    if isinstance(given, str):
        return given.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(given, list):
        return [_storable(one) for one in given]
    if isinstance(given, dict):
        return {_storable(name): _storable(value) for name, value in given.items()}
    return given


def event_id(*parts: object) -> str:
    """Of the provider's own words, never longer than its column."""
    made = ":".join(map(str, parts))
    return made if len(made) <= LONGEST_ID else hashlib.sha256(made.encode()).hexdigest()


def write(event: Mapping[str, Any]) -> bytes:
    """An event as it is journalled."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def digest(event: Mapping[str, Any]) -> str:
    """Equal for equal events, whatever the order of their fields."""
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()[:24]

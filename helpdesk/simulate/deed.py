"""What a customer does, and the call by which a provider tells of it; how calls are signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Deed:
    """What a customer does. `kind`: text, sticker, picture, location, unsend, edit, react, follow, block, press, read,
    delivered; on a telephone missed, talk, voicemail.

    `number` is the message's own, `of` that of the one that is meant.
    """

    kind: str
    who: str
    at: datetime
    number: str
    text: str = ""
    of: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def milliseconds(self) -> int:
        return int(self.at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Request:
    """One call: bytes and headers as they go out."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str]


def sha256(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def b64(signature: bytes) -> str:
    return base64.b64encode(signature).decode()


def in_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()

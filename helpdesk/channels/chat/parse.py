"""A journalled chat message in the normal form. `write` makes the bytes, `parse` reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from helpdesk.channels.incoming import Incoming, KeptFile
from helpdesk.channels.protocol import Person
from helpdesk.errors import Invalid

CONSENT = "consent"  # among the details; an event of the ticket tells of it
SILENCE = timedelta(days=3)  # after which the next message begins a new ticket


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of a visitor. `key` is the client's, `visitor` the opaque key of who wrote."""

    visitor: str
    key: str
    name: str
    text: str
    sent_at: datetime
    page: str = ""
    details: Mapping[str, str] = field(default_factory=dict)  # what a form before the chat asked for
    files: Sequence[KeptFile] = ()

    @property
    def external_id(self) -> str:
        return external_id(self.visitor, self.key)


def external_id(visitor: str, key: str) -> str:
    return f"{visitor}:{key}"


def write(spoken: Spoken) -> bytes:
    plain = asdict(spoken) | {"sent_at": spoken.sent_at.isoformat()}
    return json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming:
    """Raises Invalid when the bytes are no message of ours."""
    spoken = _read(raw)
    who = Person(spoken.name, spoken.visitor)
    details = dict(spoken.details)
    consented = details.pop(CONSENT, "") != ""
    words = "\n\n".join(filter(None, (spoken.text, "\n".join(f"{k}: {v}" for k, v in details.items()))))
    return Incoming(
        sender=who,
        author=who,
        identity_kind="chat",
        fingerprint=hashlib.sha256(f"chat:{spoken.external_id}".encode()).hexdigest(),
        external_id=spoken.external_id,
        sent_at=spoken.sent_at,
        text=words,
        reply=words,
        kept=tuple(spoken.files),
        conversation=spoken.visitor,
        consented=consented,
        silence=SILENCE,
    )


def _read(raw: bytes) -> Spoken:
    try:
        given: dict[str, Any] = json.loads(raw)
        files = [KeptFile(**one) for one in given.pop("files")]
        given["sent_at"] = datetime.fromisoformat(given["sent_at"])
        return Spoken(**given, files=files)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("this is no chat message of the widget's: %(why)s", why=str(error)[:200]) from error

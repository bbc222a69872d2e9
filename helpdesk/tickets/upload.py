"""Files that an agent attaches to a reply or a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.models import Attachment, Message
from helpdesk.store.db import Unit
from helpdesk.store.files import Files


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content_type: str
    content: bytes


def attach(unit: Unit, message: Message, uploads: Sequence[Upload], files: Files) -> None:
    for upload in uploads:
        unit.session.add(
            Attachment(
                brand_id=message.brand_id,
                message_id=message.pk,
                name=upload.name[:300],
                content_type=upload.content_type[:120],
                size=len(upload.content),
                sha256=files.put(upload.content),
            )
        )

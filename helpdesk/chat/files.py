"""Files in a chat: stored before the message that brings them, found again by their long keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from helpdesk.errors import Invalid, NotFound
from helpdesk.models import Attachment, ChatFile, Visitor, new_key
from helpdesk.store.db import Unit

KEY_LENGTH = 24  # 115 bits: who knows the key may fetch the file
MOST = 10  # in one message
FORGOTTEN = timedelta(days=1)  # after which an upload that no message brought along goes


def keep(
    unit: Unit,
    visitor: Visitor,
    *,
    name: str,
    content_type: str,
    size: int,
    sha256: str,
    sent: bool = False,
) -> ChatFile:
    file = ChatFile(
        key=new_key(KEY_LENGTH),
        visitor_id=visitor.pk,
        name=name[:300],
        content_type=content_type[:120] or "application/octet-stream",
        size=size,
        sha256=sha256,
        created_at=unit.now,
        sent_at=unit.now if sent else None,
    )
    unit.session.add(file)
    unit.session.flush()
    return file


def get(unit: Unit, key: str) -> ChatFile:
    found = unit.session.exec(select(ChatFile).where(ChatFile.key == key)).first()
    if found is None:
        raise NotFound("there is no such file")
    return found


def take(unit: Unit, visitor: Visitor, keys: Sequence[str]) -> list[ChatFile]:
    """In the order given, for a message that is sent now. Raises Invalid for one that is not this visitor's."""
    if not keys:
        return []
    found = unit.session.exec(
        select(ChatFile).where(ChatFile.visitor_id == visitor.pk, col(ChatFile.key).in_(keys))
    )
    by_key = {one.key: one for one in found}
    if missing := [key for key in keys if key not in by_key]:
        raise Invalid("the file %(key)s is not there; upload it again", field="attachments", key=missing[0])
    taken = [by_key[key] for key in keys]
    for one in taken:
        one.sent_at = one.sent_at or unit.now
    return taken


def of_message(unit: Unit, visitor: Visitor, message_id: int) -> list[ChatFile]:
    """An answer's attachments, made fetchable for the visitor; no byte is copied."""
    attached = select(Attachment).where(Attachment.message_id == message_id).order_by(col(Attachment.id))
    return [
        keep(
            unit,
            visitor,
            name=one.name,
            content_type=one.content_type,
            size=one.size,
            sha256=one.sha256,
            sent=True,
        )
        for one in unit.session.exec(attached)
    ]


def sweep(unit: Unit) -> int:
    """Uploads that were never sent. Returns how many went."""
    before = unit.now - FORGOTTEN
    gone = unit.session.execute(
        delete(ChatFile).where(col(ChatFile.sent_at).is_(None), col(ChatFile.created_at) < before)
    )
    return int(getattr(gone, "rowcount", 0))


def as_data(file: ChatFile) -> dict[str, Any]:
    return {
        "key": file.key,
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "url": f"/widget/files/{file.key}",
    }

"""Files of a message: their bytes lie in the file store, a row for each says what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from helpdesk.models import Attachment, Message, StagedFile, new_key
from helpdesk.store.db import Unit
from helpdesk.store.files import Files


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content_type: str
    content: bytes


class Kept(Protocol):
    """A file whose bytes are stored already: of a mail that came in, staged, or attached elsewhere."""

    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def inline(self) -> bool: ...
    @property
    def content_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _Stored:
    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None


def attach(unit: Unit, message: Message, uploads: Sequence[Upload], files: Files) -> None:
    """Store what was uploaded with the form itself."""
    stored = (
        _Stored(one.name, one.content_type, len(one.content), files.put(one.content)) for one in uploads
    )
    attach_kept(unit, message, stored)


def attach_kept(unit: Unit, message: Message, kept: Iterable[Kept]) -> None:
    """Rows alone; no byte is copied."""
    for file in kept:
        key = file.key if isinstance(file, StagedFile) else new_key()  # so that it can become staged again
        unit.session.add(
            Attachment(
                key=key,
                brand_id=message.brand_id,
                message_id=message.pk,
                name=file.name[:300],
                content_type=file.content_type[:120],
                size=file.size,
                sha256=file.sha256,
                inline=file.inline,
                content_id=file.content_id[:300] if file.content_id else None,
            )
        )

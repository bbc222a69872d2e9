"""Files that still lie with the provider: asked for once, fetched soon by the worker (`work.media`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import select

from helpdesk.channels.incoming import Media
from helpdesk.models import MediaFetch, Message
from helpdesk.store.db import Unit


def queue(unit: Unit, message: Message, account_id: int, wanted: Sequence[Media]) -> None:
    unit.session.add_all(_row(unit, message, account_id, one) for one in wanted)
    if wanted:
        unit.tell("media_queued", message.brand_id, message=message.pk)


def add(unit: Unit, message: Message, account_id: int, wanted: Iterable[Media]) -> None:
    """Files that come to a message later. Each once, also where its address is signed anew every time."""
    known = {
        _path(ref)
        for ref in unit.session.exec(select(MediaFetch.ref).where(MediaFetch.message_id == message.pk))
    }
    queue(unit, message, account_id, [one for one in wanted if _path(one.ref) not in known])


def _path(ref: str) -> str:
    return ref.partition("?")[0]


def _row(unit: Unit, message: Message, account_id: int, media: Media) -> MediaFetch:
    return MediaFetch(
        brand_id=message.brand_id,
        account_id=account_id,
        message_id=message.pk,
        ref=media.ref,
        name=media.name[:300],
        content_type=media.content_type[:120],
        sha256=media.sha256[:64],
        next_at=unit.now,
        created_at=unit.now,
    )

"""Files uploaded while an answer is written; they become its attachments when it is sent, without a copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from helpdesk.errors import Invalid, NotFound
from helpdesk.models import Draft, StagedFile, Ticket, new_key
from helpdesk.store.db import Unit

MOST_FILES = 50
FORGOTTEN = timedelta(days=30)


def add(
    unit: Unit,
    ticket: Ticket,
    *,
    agent_id: int,
    mode: str,
    name: str,
    content_type: str,
    size: int,
    sha256: str,
    inline: bool = False,
) -> StagedFile:
    """Raises Invalid when the answer carries too many files already."""
    if len(list_files(unit, agent_id, ticket.pk, mode)) >= MOST_FILES:
        raise Invalid("at most %(most)s files go with one message", field="file", most=MOST_FILES)
    key = new_key()
    file = StagedFile(
        key=key,
        brand_id=ticket.brand_id,
        agent_id=agent_id,
        ticket_id=ticket.pk,
        mode=mode,
        name=name[:300],
        content_type=content_type[:120],
        size=size,
        sha256=sha256,
        inline=inline,
        content_id=f"{key}@inline.helpdesk" if inline else None,
        created_at=unit.now,
    )
    unit.session.add(file)
    unit.session.flush()
    return file


def list_files(unit: Unit, agent_id: int, ticket_id: int, mode: str) -> list[StagedFile]:
    wanted = (StagedFile.agent_id == agent_id, StagedFile.ticket_id == ticket_id, StagedFile.mode == mode)
    return list(unit.session.exec(select(StagedFile).where(*wanted).order_by(col(StagedFile.id))))


def get_file(unit: Unit, agent_id: int, key: str) -> StagedFile:
    """One's own alone."""
    wanted = (StagedFile.key == key, StagedFile.agent_id == agent_id)
    file = unit.session.exec(select(StagedFile).where(*wanted)).first()
    if file is None:
        raise NotFound("there is no such file")
    return file


def remove(unit: Unit, agent_id: int, ticket_id: int, key: str) -> None:
    """Removing what is gone already is fine."""
    unit.session.execute(
        delete(StagedFile).where(
            col(StagedFile.key) == key,
            col(StagedFile.agent_id) == agent_id,
            col(StagedFile.ticket_id) == ticket_id,
        )
    )


def discard(unit: Unit, agent_id: int, ticket_id: int, mode: str) -> None:
    for file in list_files(unit, agent_id, ticket_id, mode):
        unit.session.delete(file)


def take(unit: Unit, agent_id: int, ticket_id: int, keys: Sequence[str]) -> list[StagedFile]:
    """The files that a message is sent with, no longer staged. Raises Invalid when one of them is gone."""
    if not keys:
        return []
    wanted = (
        col(StagedFile.key).in_(keys),
        StagedFile.agent_id == agent_id,
        StagedFile.ticket_id == ticket_id,
    )
    found = list(unit.session.exec(select(StagedFile).where(*wanted).order_by(col(StagedFile.id))))
    if len(found) < len(set(keys)):
        raise Invalid("a file of this message is gone; attach it again", field="staged")
    for file in found:
        unit.session.delete(file)
    unit.session.flush()
    return found


def give_back(unit: Unit, ticket: Ticket, agent_id: int, files: Sequence[dict[str, Any]]) -> None:
    """What a message that was taken back had been sent with, under the same keys."""
    for one in files:
        unit.session.add(
            StagedFile(
                **one,
                brand_id=ticket.brand_id,
                agent_id=agent_id,
                ticket_id=ticket.pk,
                mode="reply",
                created_at=unit.now,
            )
        )


def sweep(unit: Unit) -> int:
    """Drafts and files that nobody touched for a month. Returns how many rows went."""
    before = unit.now - FORGOTTEN
    gone = unit.session.execute(delete(Draft).where(col(Draft.updated_at) < before))
    kept = (
        select(Draft.id)
        .where(
            Draft.agent_id == col(StagedFile.agent_id),
            Draft.ticket_id == col(StagedFile.ticket_id),
            Draft.mode == col(StagedFile.mode),
        )
        .correlate(StagedFile)
        .exists()
    )
    files = unit.session.execute(delete(StagedFile).where(col(StagedFile.created_at) < before, ~kept))
    return int(getattr(gone, "rowcount", 0)) + int(getattr(files, "rowcount", 0))

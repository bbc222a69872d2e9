"""What was said, in the visitor's own order, and how windows are told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, select

from helpdesk.live.lobby import Seen
from helpdesk.models import ChatLine, Ticket, Visitor
from helpdesk.store.db import Database, Unit

NEWEST, MOST = 50, 200  # lines in a welcome without and with `after`
AT_ONCE = 100  # visitors in one query
ROLES = {"visitor": "visitor", "mail": "visitor", "agent": "agent"}
File = dict[str, Any]


def append(
    unit: Unit,
    visitor: Visitor,
    *,
    writer: str,
    client_key: str,
    text: str,
    name: str = "",
    html: str | None = None,
    files: Sequence[File] = (),
    message_id: int | None = None,
    replies: Sequence[str] = (),
) -> ChatLine:
    """The visitor's row has to be held by the caller: numbers are given under its lock."""
    seq = visitor.next_seq
    visitor.next_seq = seq + 1
    line = ChatLine(
        visitor_id=visitor.pk,
        seq=seq,
        client_key=client_key,
        writer=writer,
        name=name,
        text=text,
        html=html,
        files=list(files),
        message_id=message_id,
        replies=list(replies),
        sent_at=unit.now + timedelta(microseconds=seq % 1000),  # in one unit the clock stands still
    )
    unit.session.add(line)
    unit.session.flush()
    if writer == "agent":
        visitor.seen_seq = seq
        visitor.unread_since = visitor.unread_since or unit.now
    unit.tell("chat_said", visitor.brand_id, visitor=visitor.pk, seq=seq)
    return line


def hold(unit: Unit, visitor_id: int) -> Visitor:
    """The visitor's row as it is now, until the unit ends."""
    return unit.session.get_one(Visitor, visitor_id, with_for_update=True, populate_existing=True)


def find_by_key(unit: Unit, visitor_id: int, client_key: str) -> ChatLine | None:
    return unit.session.exec(
        select(ChatLine).where(ChatLine.visitor_id == visitor_id, ChatLine.client_key == client_key)
    ).first()


def history(unit: Unit, visitor_id: int, *, after: int | None = None) -> list[ChatLine]:
    """The newest, or those that follow `after`; oldest first."""
    said = select(ChatLine).where(ChatLine.visitor_id == visitor_id)
    if after is None:
        newest = unit.session.exec(said.order_by(col(ChatLine.seq).desc()).limit(NEWEST)).all()
        return list(reversed(newest))
    return list(unit.session.exec(said.where(ChatLine.seq > after).order_by(col(ChatLine.seq)).limit(MOST)))


def before(unit: Unit, visitor_id: int, seq: int) -> list[ChatLine]:
    """Older ones, for scrolling back; oldest first."""
    said = select(ChatLine).where(ChatLine.visitor_id == visitor_id, ChatLine.seq < seq)
    return list(reversed(unit.session.exec(said.order_by(col(ChatLine.seq).desc()).limit(NEWEST)).all()))


def as_data(line: ChatLine) -> dict[str, Any]:
    """As it stands in frames."""
    said: dict[str, Any] = {
        "seq": line.seq,
        "id": line.key,
        "from": {"name": line.name, "avatar": None, "role": ROLES[line.writer]},
        "text": line.text,
        "attachments": line.files,
        "sent_at": line.sent_at.isoformat(),
    }
    if line.writer == "visitor":
        said["key"] = line.client_key
    if line.replies:
        said["replies"] = line.replies
    if line.html:
        said["html"] = line.html
    return said


def frame(line: ChatLine) -> str:
    return json.dumps({"type": "message"} | as_data(line), ensure_ascii=False, separators=(",", ":"))


def look(database: Database, after: Mapping[int, int]) -> dict[int, Seen]:
    """For each visitor what came after the line they know."""
    found: dict[int, Seen] = {}
    ids = list(after)
    with database.read() as unit:
        for start in range(0, len(ids), AT_ONCE):
            found |= _look(unit, {one: after[one] for one in ids[start : start + AT_ONCE]})
    return found


def _look(unit: Unit, after: Mapping[int, int]) -> dict[int, Seen]:
    """A statement for each is quicker than one whose shape changes with their number."""
    told = {
        one: tuple((line.seq, frame(line)) for line in unit.rows(_following(), {"visitor": one, "seq": seq}))
        for one, seq in after.items()
    }
    talks = unit.rows(_talks(), {"visitors": list(after)})
    return {pk: Seen(key or "", told[pk]) for pk, key in talks}


@cache
def _following() -> Any:
    said = ChatLine.__table__  # type: ignore[attr-defined]
    wanted = sqlalchemy.select(said).where(said.c.visitor_id == bindparam("visitor"))
    return wanted.where(said.c.seq > bindparam("seq")).order_by(said.c.seq)


@cache
def _talks() -> Any:
    """Where each visitor talks."""
    return (
        sqlalchemy.select(col(Visitor.id), col(Ticket.key))
        .outerjoin(Ticket, col(Ticket.id) == col(Visitor.ticket_id))
        .where(col(Visitor.id).in_(bindparam("visitors", expanding=True)))
    )

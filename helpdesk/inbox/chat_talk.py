"""What was said in several chats at once, without all that a mail needs: words, files, buttons, how far it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlmodel import col

from helpdesk.channels.content import name_of
from helpdesk.inbox.content import Reaction, reactions
from helpdesk.inbox.eventline import EventLine, Happening, lines
from helpdesk.inbox.file import File, file_of
from helpdesk.inbox.prose import Piece
from helpdesk.inbox.said import HIDDEN, own_of, who_of
from helpdesk.models import Agent, Attachment, Brand, ChatLine, Customer, Delivery, Event, Message, Ticket
from helpdesk.store.db import Unit

NEWEST = 60  # messages of each chat
EVENTS = 400  # of all of them
TOGETHER = timedelta(minutes=3)
MOVES = ("assigned", "unassigned", "assigned_team", "unassigned_team", "returned")
ASIDE = (
    *("answered", "opened", "order_linked", "urgency_corrected", "urgency_released"),
    *("tagged", "untagged", "tag_confirmed", "tag_refused"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A message. `seq` is its number in the visitor's own order; `offers` are the buttons below an answer."""

    at: datetime
    order: int
    key: str
    direction: str
    channel: str
    who: str
    words: tuple[Piece, ...]
    files: tuple[File, ...]
    state: str
    failure: str
    seq: int
    offers: tuple[str, ...]
    named: str = ""  # what words cannot say
    taken_back: bool = False
    reactions: tuple[Reaction, ...] = ()
    follows: bool = False
    kind: str = "message"


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages and events in their order. `more` were said before them."""

    entries: tuple[Line | EventLine, ...] = ()
    more: bool = False

    @property
    def last(self) -> str:
        """Key of the newest message."""
        return next((one.key for one in reversed(self.entries) if isinstance(one, Line)), "")


def read_talks(unit: Unit, chats: Sequence[tuple[Ticket, Customer]]) -> dict[int, Talk]:
    """By ticket id."""
    if not chats:
        return {}
    ids = [ticket.pk for ticket, _ in chats]
    names = {ticket.pk: customer.name for ticket, customer in chats}
    said: dict[int, dict[int, Line]] = {pk: {} for pk in ids}
    for row in unit.rows(_messages(ids)):
        before = said[row.ticket_id].get(row.id)
        line = before or _line(row, names[row.ticket_id])
        said[row.ticket_id][row.id] = (
            replace(line, files=(*line.files, file_of(row))) if row.file_key else line
        )
    happened: dict[int, list[Happening]] = {pk: [] for pk in ids}
    for row in reversed(unit.rows(_events(ids))):
        happened[row.ticket_id].append((row.id, row.created_at, row.name, row.data, row.agent))
    return {pk: _talk(list(said[pk].values()), happened[pk]) for pk in ids}


def _talk(said: list[Line], happened: list[Happening]) -> Talk:
    said.sort(key=lambda one: (one.at, one.order))
    more = len(said) > NEWEST
    shown: list[Line | EventLine] = [*said[-NEWEST:]]
    since = shown[0].at if shown and more else None
    shown += [one for one in lines(happened, {}) if since is None or one.at >= since]
    shown.sort(key=lambda one: (one.at, isinstance(one, EventLine), one.order))
    grouped: list[Line | EventLine] = []
    for one in shown:
        before = grouped[-1] if grouped else None
        if _moves(before) and _moves(one):
            grouped.pop()  # of several in a row the last says whose it is; the ticket's page has them all
        grouped.append(replace(one, follows=_follows(before, one)) if isinstance(one, Line) else one)
    return Talk(tuple(grouped), more)


def _moves(entry: Line | EventLine | None) -> bool:
    """From one to another, or to the queue and back."""
    return isinstance(entry, EventLine) and entry.name in MOVES


def _follows(before: Line | EventLine | None, line: Line) -> bool:
    """By the same writer a moment later: it needs no name again."""
    if not isinstance(before, Line):
        return False
    same = (before.direction, before.who, before.channel) == (line.direction, line.who, line.channel)
    return same and line.at - before.at < TOGETHER


def _messages(ids: Sequence[int]) -> Select[Any]:
    """The newest of each chat; a message comes once for each of its files."""
    place = func.row_number().over(
        partition_by=col(Message.ticket_id), order_by=(col(Message.sent_at).desc(), col(Message.id).desc())
    )
    ranked = (
        select(col(Message.id), place.label("place"))
        .where(col(Message.ticket_id).in_(ids), col(Message.state) != HIDDEN)
        .subquery()
    )
    columns = ("id", "ticket_id", "key", "direction", "channel", "sender", "to", "text", "reply", "state")
    return (
        select(
            *(col(getattr(Message, name)) for name in columns),
            *(
                col(Message.failure),
                col(Message.sent_at),
                *(col(Message.replies), col(Message.content), col(Message.marks)),
                col(Agent.name).label("agent"),
                col(Brand.hide_numbers),
            ),
            *(col(ChatLine.seq), col(Delivery.scheduled)),
            *(col(Attachment.key).label("file_key"), col(Attachment.name).label("file_name")),
            *(col(Attachment.content_type), col(Attachment.size), col(Attachment.inline)),
        )
        .join(ranked, ranked.c.id == col(Message.id))
        .join(Brand, col(Brand.id) == col(Message.brand_id))
        .outerjoin(Agent, col(Agent.id) == col(Message.agent_id))
        .outerjoin(Delivery, col(Delivery.message_id) == col(Message.id))
        .outerjoin(Attachment, col(Attachment.message_id) == col(Message.id))
        .outerjoin(ChatLine, col(ChatLine.message_id) == col(Message.id))
        .where(ranked.c.place <= NEWEST + 1)
        .order_by(col(Message.sent_at), col(Message.id), col(Attachment.id))
    )


def _events(ids: Sequence[int]) -> Select[Any]:
    return (
        select(
            *(col(Event.id), col(Event.ticket_id), col(Event.created_at), col(Event.name), col(Event.data)),
            col(Agent.name).label("agent"),
        )
        .outerjoin(Agent, col(Agent.id) == col(Event.agent_id))
        .where(col(Event.ticket_id).in_(ids), col(Event.name).not_in(ASIDE))
        .order_by(col(Event.id).desc())
        .limit(EVENTS)
    )


def _line(row: Row[Any], customer: str) -> Line:
    return Line(
        at=row.sent_at,
        order=row.id,
        key=row.key,
        direction=row.direction,
        channel=row.channel,
        who=who_of(row, customer),
        words=own_of(row, hide=row.hide_numbers),
        files=(),
        state="scheduled" if row.scheduled and row.state == "queued" else row.state,
        failure=row.failure or "",
        seq=row.seq or 0,
        offers=tuple(row.replies or ()),
        named=name_of(row.content or {}),
        taken_back=(row.content or {}).get("type") == "taken_back",
        reactions=reactions(row.marks or {}),
    )

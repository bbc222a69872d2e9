"""The messages of a ticket as a reader needs them: one query for words, writers, ways out and files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, or_, select
from sqlmodel import col

from helpdesk.channels.registry import NAMELESS
from helpdesk.customers import private_numbers
from helpdesk.inbox import content as contents
from helpdesk.inbox.content import Extra, Lost, Reaction, moment_of
from helpdesk.inbox.file import File, file_of
from helpdesk.inbox.prose import Piece, pieces
from helpdesk.inbox.quotes import Quote, find_quotes
from helpdesk.models import Agent, Attachment, Customer, Delivery, Direction, MediaFetch, Message, Ticket
from helpdesk.store.db import Unit

HIDDEN = "taken_back"  # an answer that its writer took back before it left
REMOTE = ' data-remote-src="'  # looked for by the database: a mail's HTML may be megabytes
LAYOUT = ("<table", "<h1", "<h2", "background")
COLUMNS = (
    *("id", "key", "direction", "channel", "sender", "to", "cc", "bcc", "subject", "text", "reply", "quoted"),
    *("automatic", "state", "failure", "macro_key", "sent_at", "created_at", "agent_id", "forwarded_id"),
    *("replies", "content", "marks", "account_id"),
)
_ANSWER = re.compile(r"^\s*(?:(?:re|fwd?|aw|返信|転送)\s*[:：]\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WayOut:
    """How an answer gets to the customer. `due` is when it leaves, `trouble` what the last attempt met."""

    key: str
    state: str
    due: datetime
    scheduled: bool
    tries: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `own` is what its writer wrote now, `quoted` the rest; together nothing is left out.

    `written` is our clock, `at` the writer's. `rich`: the mail says more with its layout than its words alone do.
    """

    at: datetime
    order: int
    key: str
    direction: str
    channel: str
    who: str
    address: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    new_subject: bool
    own: tuple[Piece, ...]
    quoted: str
    formatted: bool
    remote: bool
    automatic: bool
    state: str
    failure: str | None
    delivery: str | None
    macro: str | None
    files: tuple[File, ...] = field(default=())
    kind: str = "message"
    written: datetime | None = None
    agent_id: int | None = None
    bcc: tuple[str, ...] = ()
    rich: bool = False
    forwarded: bool = False
    way: WayOut | None = None
    source: bool = False
    follows: bool = False
    offers: tuple[str, ...] = ()  # buttons below an answer in a chat
    content: Mapping[str, Any] = field(default_factory=dict)  # what words cannot say
    marks: Mapping[str, Any] = field(default_factory=dict)  # what happened to it since
    account_id: int | None = None
    coming: bool = False  # files of it are still being fetched
    quote: Quote | None = None  # the message that this one answers
    parts: tuple[Said, ...] = ()  # of several that were sent as one, in their order

    @property
    def what(self) -> str:
        """The kind of its content; empty for plain words."""
        return str(self.content.get("type") or "")

    @property
    def extras(self) -> tuple[Extra, ...]:
        files = bool(self.files)
        return contents.extras(self.content, key=self.key, files=files, coming=self.coming)

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        return contents.reactions(*(one.marks for one in self.parts or (self,)))

    @property
    def lost(self) -> tuple[Lost, ...]:
        return contents.lost(self.content)

    @property
    def versions(self) -> tuple[str, ...]:
        """Earlier words, the newest of them first."""
        return tuple(reversed(self.marks.get("versions") or ()))

    @property
    def album(self) -> str:
        """What pictures that were sent as one set share."""
        given = self.content.get("album")
        return str(given.get("id") or "") if isinstance(given, dict) else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its own, and those of all that is shown with it."""
        return tuple(one.key for one in self.parts) or (self.key,)

    def when(self, name: str) -> datetime | None:
        """`delivered_at`, `read_at`, `edited_at`, `taken_back_at`, `unsure_at`."""
        return moment_of(self.marks, name)


def read(
    unit: Unit, ticket: Ticket, customer: Customer, limit: int, *, hide: bool = False
) -> tuple[list[Said], bool]:
    """The newest `limit` messages, oldest first, and whether there are more; private numbers can be hidden."""
    found: dict[int, Said] = {}
    for row in unit.rows(_wanted(limit + 1), {"ticket": ticket.pk}):
        said = found.get(row.id) or _one(row, ticket, customer, hide=hide)
        found[row.id] = replace(said, files=(*said.files, file_of(row))) if row.file_key else said
    ordered = sorted(found.values(), key=lambda said: (said.at, said.order))
    return _with_quotes(unit, ticket, customer, ordered[-limit:]), len(ordered) > limit


def _with_quotes(unit: Unit, ticket: Ticket, customer: Customer, said: list[Said]) -> list[Said]:
    """Asks only where something is answered."""
    named = {(one.account_id, str(one.content["quotes"])) for one in said if one.content.get("quotes")}
    if not named:
        return said
    quotes = find_quotes(unit, named, ticket_id=ticket.pk, customer=customer.name)
    return [
        replace(one, quote=quotes.get((one.account_id, str(name)), Quote()))
        if (name := one.content.get("quotes"))
        else one
        for one in said
    ]


@cache
def _wanted(most: int) -> Select[Any]:
    """A message comes once for each of its files."""
    ids = (
        select(col(Message.id))
        .where(col(Message.ticket_id) == bindparam("ticket"), col(Message.state) != HIDDEN)
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(most)
    )
    return (
        select(
            *(col(getattr(Message, name)) for name in COLUMNS),
            *(
                col(Message.html).is_not(None).label("formatted"),
                col(Message.html).contains(REMOTE).label("remote"),
            ),
            *(_laid_out().label("laid_out"), _has_source().label("source"), _coming().label("coming")),
            *(col(Agent.name).label("agent"), col(Delivery.key).label("delivery")),
            *(col(Delivery.state).label("way"), col(Delivery.next_at), col(Delivery.scheduled)),
            *(col(Delivery.attempts), col(Delivery.reason)),
            *(col(Attachment.key).label("file_key"), col(Attachment.name).label("file_name")),
            *(col(Attachment.content_type), col(Attachment.size), col(Attachment.inline)),
        )
        .outerjoin(Agent, col(Agent.id) == col(Message.agent_id))
        .outerjoin(Delivery, col(Delivery.message_id) == col(Message.id))
        .outerjoin(Attachment, col(Attachment.message_id) == col(Message.id))
        .where(col(Message.id).in_(ids))
        .order_by(col(Message.sent_at), col(Message.id), col(Attachment.id))
    )


def _laid_out() -> ColumnElement[bool]:
    """Made with an eye on its looks: tables, headings, pictures from afar. Our own answers only where formatted."""
    html = col(Message.html)
    marks = or_(html.contains(REMOTE), *(html.contains(mark) for mark in LAYOUT))
    return or_(col(Message.direction) == Direction.OUT, marks, func.length(func.trim(col(Message.text))) == 0)


def _has_source() -> ColumnElement[bool]:
    return or_(
        col(Message.inbound_id).is_not(None),
        and_(col(Delivery.id).is_not(None), col(Delivery.raw).is_not(None)),
    )


def _coming() -> ColumnElement[bool]:
    waiting = select(col(MediaFetch.id)).where(
        col(MediaFetch.message_id) == col(Message.id), col(MediaFetch.state) == "queued"
    )
    return exists(waiting.correlate(Message))


def _one(row: Row[Any], ticket: Ticket, customer: Customer, *, hide: bool) -> Said:
    shown = private_numbers.hide if hide else str
    incoming, note = row.direction == Direction.IN, row.direction == Direction.NOTE
    talked = row.channel in NAMELESS  # there an address is a key that means nothing to people
    return Said(
        at=row.sent_at,
        order=row.id,
        key=row.key,
        direction=row.direction,
        channel=row.channel,
        who=who_of(row, customer.name),
        address="" if talked else row.sender.get("address", ""),
        to=() if note or talked else people(row.to),
        cc=people(row.cc),
        subject=shown(row.subject),
        new_subject=incoming and bare(row.subject) not in ("", bare(ticket.subject)),
        own=own_of(row, hide=hide),
        quoted=shown(row.quoted) if row.reply.strip() or not incoming else "",
        formatted=row.formatted,
        remote=bool(row.remote),
        automatic=row.automatic,
        state=row.state,
        failure=row.failure,
        delivery=row.delivery,
        macro=row.macro_key,
        written=row.created_at,
        agent_id=row.agent_id,
        bcc=people(row.bcc),
        rich=bool(row.formatted and row.laid_out and not row.quoted.strip()),
        forwarded=row.forwarded_id is not None,
        way=_way(row) if row.delivery else None,
        source=bool(row.source),
        offers=tuple(row.replies or ()),
        content=row.content or {},
        marks=_shown_marks(row.marks or {}, shown),
        account_id=row.account_id,
        coming=bool(row.coming),
    )


def bare(subject: str) -> str:
    """Without any number of Re: and Fwd:."""
    return _ANSWER.sub("", subject).strip()


def people(found: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(one.get("address") or one.get("name") or "") for one in found)


def _way(row: Row[Any]) -> WayOut:
    return WayOut(row.delivery, row.way, row.next_at, row.scheduled, row.attempts, row.reason or "")


def who_of(row: Row[Any], customer: str) -> str:
    """Who wrote a message, as people read it; `customer` is the name of its ticket's."""
    incoming = row.direction == Direction.IN
    wrote = str(row.sender.get("name") or (customer if incoming else ""))
    return wrote if incoming else row.agent or wrote


def own_of(row: Row[Any], *, hide: bool) -> tuple[Piece, ...]:
    """What its writer wrote now; in a note colleagues are called by name."""
    called = [str(one.get("name", "")) for one in row.to] if row.direction == Direction.NOTE else []
    found = pieces((row.reply if row.reply.strip() else row.text).strip("\r\n"), called)
    return tuple(_hidden(one) if hide and not one.href else one for one in found)


def _hidden(piece: Piece) -> Piece:
    text = private_numbers.hide(piece.text)
    return piece if text == piece.text else replace(piece, text=text)


def _shown_marks(marks: Mapping[str, Any], shown: Callable[[str], str]) -> Mapping[str, Any]:
    """Earlier words of the message are words too."""
    return {**marks, "versions": [shown(one) for one in marks["versions"]]} if "versions" in marks else marks

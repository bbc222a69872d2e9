"""One ticket as an agent reads it: messages from oldest to newest with the events between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import NotFound
from helpdesk.inbox.eventline import EventLine, lines
from helpdesk.inbox.prose import Piece, pieces
from helpdesk.inbox.tagging import Book, TagMark, marks, read_marks
from helpdesk.models import (
    Agent,
    Attachment,
    Brand,
    ChannelAccount,
    Customer,
    Delivery,
    Direction,
    Event,
    Message,
    Order,
    Ticket,
)
from helpdesk.store.db import Unit
from helpdesk.triage.rank import level

NEWEST = 100
ALL = 2000
EVENTS = 500
REMOTE = ' data-remote-src="'  # looked for by the database: a mail's HTML may be megabytes
_ANSWER = re.compile(r"^\s*(?:(?:re|fwd?|aw|返信|転送)\s*[:：]\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    key: str
    name: str
    content_type: str
    size: int
    inline: bool

    @property
    def image(self) -> bool:
        """Whether a browser may show it by itself; SVG may carry script and is only offered for download."""
        return self.content_type in ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `own` is what its writer wrote now, `quoted` the rest; together nothing is left out."""

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


@dataclass(frozen=True, slots=True)
class Conversation:
    """`newest` is the id of what the customer or a colleague last added, as `get_newest` gives it."""

    ticket: Ticket
    customer: Customer
    brand: Brand
    assignee: Agent | None
    account: ChannelAccount | None
    order_number: str | None
    level: str
    tags: tuple[TagMark, ...]
    other_tags: tuple[TagMark, ...]
    entries: tuple[Said | EventLine, ...]
    more: bool
    newest: int

    @property
    def last_said(self) -> str:
        """Key of the newest message, so that a page can tell whether something was added."""
        return next((entry.key for entry in reversed(self.entries) if isinstance(entry, Said)), "")


def get(unit: Unit, access: Access, key: str, *, book: Book, everything: bool = False) -> Conversation:
    """The conversation of the ticket `key`; the newest hundred messages unless `everything` is asked for."""
    row = unit.session.execute(_head(access, key)).first()
    if row is None:
        raise NotFound("this ticket does not exist, or it belongs to a brand that you may not see")
    ticket, customer, brand, assignee, account, order_number, marked, newest = row
    tags = read_marks(marked, book)
    on = {tag.name for tag in tags}
    said, more = _messages(unit, ticket, customer, ALL if everything else NEWEST)
    happened = _events(unit, ticket, book.labels(ticket.brand_id), since=said[0].at if more else None)
    return Conversation(
        *(ticket, customer, brand, assignee, account, order_number, level(ticket.urgency), tags),
        other_tags=tuple(mark for mark in book.of_brand(ticket.brand_id) if mark.name not in on),
        entries=tuple(sorted((*said, *happened), key=_place)),
        more=more,
        newest=newest or 0,
    )


def get_newest(unit: Unit, ticket_id: int) -> int:
    """Id of the last message that came in or went out; 0 without any. Notes do not count."""
    return unit.session.scalar(_newest(ticket_id)) or 0


def _newest(ticket_id: Any) -> Select[int | None]:
    return select(func.max(col(Message.id))).where(
        col(Message.ticket_id) == ticket_id, col(Message.direction) != Direction.NOTE
    )


def _place(entry: Said | EventLine) -> tuple[datetime, int, int]:
    return entry.at, 0 if isinstance(entry, Said) else 1, entry.order


def _head(access: Access, key: str) -> Select[Any]:
    rows: tuple[Any, ...] = (Ticket, Customer, Brand, Agent, ChannelAccount)
    newest = _newest(col(Ticket.id)).correlate(Ticket).scalar_subquery()
    return (
        select(*rows, col(Order.number), marks().label("marks"), newest.label("newest"))
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .join(Brand, col(Brand.id) == col(Ticket.brand_id))
        .outerjoin(Agent, col(Agent.id) == col(Ticket.assignee_id))
        .outerjoin(ChannelAccount, col(ChannelAccount.id) == col(Ticket.account_id))
        .outerjoin(Order, col(Order.id) == col(Ticket.order_id))
        .where(col(Ticket.key) == key, col(Ticket.brand_id).in_(access.brand_ids))
    )


def _messages(unit: Unit, ticket: Ticket, customer: Customer, limit: int) -> tuple[list[Said], bool]:
    newest = (
        select(col(Message.id))
        .where(col(Message.ticket_id) == ticket.pk)
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(limit + 1)
    )
    found: dict[int, Said] = {}
    for row in unit.session.execute(_said(newest)):
        said = found.get(row.id) or _one(row, ticket, customer)
        found[row.id] = replace(said, files=(*said.files, _file(row))) if row.file_key else said
    ordered = sorted(found.values(), key=_place)
    return ordered[-limit:], len(ordered) > limit


def _said(ids: Select[Any]) -> Select[Any]:
    """Messages with their writer, their way out and their files; a message comes once for each file."""
    return (
        select(
            *(
                col(Message.id),
                col(Message.key),
                col(Message.direction),
                col(Message.channel),
                col(Message.sender),
            ),
            *(col(Message.to), col(Message.cc), col(Message.subject), col(Message.text), col(Message.reply)),
            *(col(Message.quoted), col(Message.html).is_not(None).label("formatted"), col(Message.automatic)),
            col(Message.html).contains(REMOTE).label("remote"),
            *(col(Message.state), col(Message.failure), col(Message.macro_key), col(Message.sent_at)),
            *(
                col(Agent.name).label("agent"),
                col(Delivery.key).label("delivery"),
                col(Attachment.id).label("file"),
            ),
            *(col(Attachment.key).label("file_key"), col(Attachment.name).label("file_name")),
            *(col(Attachment.content_type), col(Attachment.size), col(Attachment.inline)),
        )
        .outerjoin(Agent, col(Agent.id) == col(Message.agent_id))
        .outerjoin(Delivery, col(Delivery.message_id) == col(Message.id))
        .outerjoin(Attachment, col(Attachment.message_id) == col(Message.id))
        .where(col(Message.id).in_(ids))
        .order_by(col(Message.sent_at), col(Message.id), col(Attachment.id))
    )


def _one(row: Row[Any], ticket: Ticket, customer: Customer) -> Said:
    incoming = row.direction == Direction.IN
    return Said(
        at=row.sent_at,
        order=row.id,
        key=row.key,
        direction=row.direction,
        channel=row.channel,
        who=(row.sender.get("name") or customer.name if incoming else row.agent or row.sender.get("name"))
        or "",
        address=row.sender.get("address", "") if incoming else "",
        to=_people(row.to),
        cc=_people(row.cc),
        subject=row.subject,
        new_subject=incoming and _bare(row.subject) not in ("", _bare(ticket.subject)),
        own=tuple(pieces((row.reply if row.reply.strip() else row.text).strip("\r\n"))),
        quoted=row.quoted if row.reply.strip() else "",
        formatted=row.formatted,
        remote=bool(row.remote),
        automatic=row.automatic,
        state=row.state,
        failure=row.failure,
        delivery=row.delivery,
        macro=row.macro_key,
    )


def _bare(subject: str) -> str:
    """Without any number of Re: and Fwd:."""
    return _ANSWER.sub("", subject).strip()


def _people(found: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(one.get("address") or one.get("name") or "") for one in found)


def _file(row: Row[Any]) -> File:
    return File(row.file_key, row.file_name, row.content_type, row.size, row.inline)


def _events(unit: Unit, ticket: Ticket, labels: dict[str, str], *, since: datetime | None) -> list[EventLine]:
    wanted = (
        select(col(Event.id), col(Event.created_at), col(Event.name), col(Event.data), col(Agent.name))
        .outerjoin(Agent, col(Agent.id) == col(Event.agent_id))
        .where(col(Event.ticket_id) == ticket.pk)
        .order_by(col(Event.id).desc())
        .limit(EVENTS)
    )
    found = [tuple(row) for row in unit.session.execute(wanted)]
    return [line for line in lines(reversed(found), labels) if since is None or line.at >= since]

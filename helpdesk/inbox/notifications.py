"""An agent's notifications in words, and what of them has been read. Written by people.notify."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.channels.content import name_of
from helpdesk.errors import NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy, ngettext
from helpdesk.models import Agent, Customer, Message, Notification, Ticket
from helpdesk.store.db import Unit

SHOWN = 50
COUNTED = 99  # the bell says 99+ beyond
WORDS = {
    "mentioned": lazy("%(who)s mentioned you"),
    "assigned": lazy("%(who)s assigned a ticket to you"),
    "chat_given": lazy("A chat is waiting for you"),
    "transferred": lazy("%(who)s passed a conversation on to you"),
    "answered": lazy("%(who)s answered in a ticket that you follow"),
    "noted": lazy("%(who)s wrote a note in a ticket that you follow"),
    "customer_answered": lazy("%(customer)s wrote in a ticket that you follow"),
    "schedule_cancelled": lazy("Your scheduled answer was not sent, because %(customer)s wrote first"),
    "send_failed": lazy("Your answer could not be sent: %(reason)s"),
    "account_failed": lazy("%(account)s does not work: %(reason)s"),
    "account_recovered": lazy("%(account)s works again"),
    "drift_silence": lazy("The classifier kept silent more often last week, for example here"),
    "drift_correction": lazy("The classifier was corrected more often last week, for example here"),
}
ICONS = {
    "mentioned": "at-sign", "assigned": "user-check", "answered": "reply", "noted": "sticky-note",
    "customer_answered": "mail", "chat_given": "message-circle", "transferred": "forward",
    "schedule_cancelled": "clock-alert", "send_failed": "circle-alert",
    "account_failed": "circle-alert", "account_recovered": "circle-check",
    "drift_silence": "trending-up", "drift_correction": "trending-up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """`message` is the key of what it is about, so that a link can lead there. What is about no ticket has a place."""

    id: int
    key: str
    name: str
    icon: str
    text: str
    words: str
    ticket: str
    number: int
    subject: str
    message: str | None
    by: str
    many: int  # tickets that it is about
    times: int
    at: datetime
    read: bool
    place: str  # where it leads, if not to the ticket


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    next: int | None


def page(unit: Unit, access: Access, *, before: int = 0, unread: bool = False, limit: int = SHOWN) -> Page:
    """The newest first; `before` is the `next` of the page above it."""
    wanted = _select(access).order_by(col(Notification.id).desc()).limit(limit + 1)
    if before:
        wanted = wanted.where(col(Notification.id) < before)
    if unread:
        wanted = wanted.where(col(Notification.read_at).is_(None))
    found = [_line(row) for row in unit.session.execute(wanted)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def get(unit: Unit, access: Access, key: str) -> Line:
    row = unit.session.execute(_select(access).where(col(Notification.key) == key)).first()
    if row is None:
        raise NotFound(lazy("there is no such notification, or it belongs to a brand that you may not see"))
    return _line(row)


def count_unread(unit: Unit, access: Access) -> int:
    """At most one more than the bell shows."""
    wanted = select(col(Notification.id)).where(*_mine(access), col(Notification.read_at).is_(None))
    return unit.session.scalar(select(func.count()).select_from(wanted.limit(COUNTED + 1).subquery())) or 0


def mark_read(unit: Unit, access: Access, *, key: str = "", ticket_id: int = 0) -> int:
    """One of them, those of one ticket, or all; how many there were. Tells the agent's other windows."""
    wanted = [*_mine(access), col(Notification.read_at).is_(None)]
    if key:
        wanted.append(col(Notification.key) == key)
    if ticket_id:
        wanted.append(col(Notification.ticket_id) == ticket_id)
    ids = list(unit.session.execute(select(col(Notification.id), col(Notification.brand_id)).where(*wanted)))
    if not ids:
        return 0
    these = col(Notification.id).in_([pk for pk, _brand in ids])
    unit.session.execute(update(Notification).where(these).values(read_at=unit.now))
    unit.tell("agent_read", ids[0][1], agent=access.agent_id)
    return len(ids)


def _select(access: Access) -> Select[Any]:
    rows: tuple[Any, ...] = (
        Notification,
        *(col(Ticket.key), col(Ticket.number), col(Ticket.subject), col(Customer.name).label("customer")),
        *(col(Agent.name).label("by"), col(Message.key).label("message")),
        *(func.substr(col(Message.text), 1, 200).label("words"), col(Message.content)),
    )
    return (
        select(*rows)
        .outerjoin(Ticket, col(Ticket.id) == col(Notification.ticket_id))
        .outerjoin(Customer, col(Customer.id) == col(Ticket.customer_id))
        .outerjoin(Agent, col(Agent.id) == col(Notification.by_id))
        .outerjoin(Message, col(Message.id) == col(Notification.message_id))
        .where(*_mine(access))
    )


def _mine(access: Access) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    mine = col(Notification.agent_id) == access.agent_id
    return mine, col(Notification.brand_id).in_(access.brand_ids)


def _line(row: Row[Any]) -> Line:
    found: Notification = row[0]
    name, many = _name(found, row.by), int(found.data.get("count", 1))
    facts = {
        "who": row.by or _("The helpdesk"),
        "customer": row.customer or _("the customer"),
        "reason": str(found.data.get("reason", "")),
        "account": str(found.data.get("account", "")),
    }
    return Line(
        id=found.pk,
        key=found.key,
        name=name,
        icon=ICONS.get(name, "bell"),
        text=_words(name, facts, many),
        words=" ".join((row.words or "").split()) or name_of(row.content or {}),
        ticket=row.key or "",
        number=row.number or 0,
        subject=row.subject or "",
        message=row.message,
        by=row.by or "",
        many=many,
        times=int(found.data.get("times", 1)),
        at=found.created_at,
        read=found.read_at is not None,
        place=str(found.data.get("place", "")),
    )


def _words(name: str, facts: dict[str, str], many: int) -> str:
    if name == "assigned" and many > 1:
        return ngettext(
            "%(who)s assigned %(num)s ticket to you", "%(who)s assigned %(num)s tickets to you", many, **facts
        )
    return _(WORDS[name], **facts) if name in WORDS else name.replace("_", " ").capitalize()


def _name(found: Notification, by: str | None) -> str:
    if found.name == "answered" and by is None:
        return "customer_answered"
    return "noted" if found.name == "answered" and found.data.get("direction") == "note" else found.name

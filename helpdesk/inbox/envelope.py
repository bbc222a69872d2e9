"""Whom an answer on a ticket would go to, by its kind; read by the composer before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from helpdesk.models import Agent, Attachment, Brand, Direction, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import compose, recipients

NEWEST = 50
MOST_PEOPLE = 60
PREVIEW = 160  # characters of the message that is passed on


@dataclass(frozen=True, slots=True)
class Kind:
    """People are written as `Name <address>`."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    forwarded: str = ""
    quote: str = ""
    files: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """`people` are all who take part, for suggestions; `signature` is what will be added below the text."""

    kinds: dict[str, Kind]
    people: tuple[str, ...]
    signature: str


def of(unit: Unit, ticket: Ticket, agent: Agent) -> Envelope:
    found = recipients.read(unit, ticket)
    to = (person(found.customer),) if found.customer else ()
    others = tuple(person(one) for one in found.others)
    subject = compose.reply_subject(found.parent.subject if found.parent else ticket.subject)
    return Envelope(
        kinds={
            "reply": Kind(to=to, subject=subject),
            "reply_all": Kind(to=to, cc=others, subject=subject),
            "forward": _forward(unit, ticket),
        },
        people=tuple(dict.fromkeys([*to, *others, *_met(unit, ticket)]))[:MOST_PEOPLE],
        signature=_signature(unit, ticket, agent),
    )


def person(found: Mapping[str, Any]) -> str:
    name, address = str(found.get("name") or "").strip(), str(found.get("address") or "").strip()
    return f"{name} <{address}>" if name and name != address else address


def _forward(unit: Unit, ticket: Ticket) -> Kind:
    """The customer's newest message with its files, to somebody who is still to be named."""
    wanted = select(Message).where(Message.ticket_id == ticket.pk, Message.direction == Direction.IN)
    newest = col(Message.sent_at).desc(), col(Message.id).desc()
    passed = unit.session.exec(wanted.order_by(*newest).limit(1)).first()
    if passed is None:
        return Kind(subject=compose.forward_subject(ticket.subject))
    files = unit.session.exec(
        select(Attachment).where(Attachment.message_id == passed.pk, col(Attachment.inline).is_(False))
    )
    return Kind(
        subject=compose.forward_subject(passed.subject or ticket.subject),
        forwarded=passed.key,
        quote=" ".join((passed.reply or passed.text).split())[:PREVIEW],
        files=tuple({"key": one.key, "name": one.name, "size": one.size} for one in files),
    )


def _met(unit: Unit, ticket: Ticket) -> Iterable[str]:
    """Everybody whom somebody in this ticket wrote to, ourselves not."""
    wanted = select(Message.direction, Message.sender, Message.to, Message.cc).where(
        Message.ticket_id == ticket.pk, Message.direction != Direction.NOTE
    )
    for direction, sender, to, cc in unit.session.exec(wanted.order_by(col(Message.id).desc()).limit(NEWEST)):
        incoming = direction == Direction.IN
        yield from (person(one) for one in ([sender] if incoming else [*to, *cc]) if one.get("address"))


def _signature(unit: Unit, ticket: Ticket, agent: Agent) -> str:
    brand = unit.session.get_one(Brand, ticket.brand_id)
    return compose.signed("", brand, agent, ticket.language).strip()

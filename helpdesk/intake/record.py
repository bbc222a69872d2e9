"""Writing a parsed message down: its row, its files, and its words in the search index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk.channels.protocol import Person
from helpdesk.channels.social import CHANNELS as SOCIAL
from helpdesk.intake import thread
from helpdesk.intake.prepare import Prepared
from helpdesk.models import Customer, Direction, Message, Ticket
from helpdesk.social import words as social_words
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.tickets.upload import attach_kept

CLOCKS_DIFFER = timedelta(minutes=10)
FIRST_MAIL = datetime(1990, 1, 1, tzinfo=UTC)


def record_message(unit: Unit, ticket: Ticket, prepared: Prepared) -> Message:
    place: dict[str, Any] = {
        "brand_id": ticket.brand_id,
        "ticket_id": ticket.pk,
        "customer_id": ticket.customer_id,
    }
    message = Message(**place, **values_of(prepared), created_at=unit.now)
    unit.session.add(message)
    unit.session.flush()
    attach_kept(unit, message, prepared.stored)
    _index(unit, ticket, message, prepared)
    return message


def values_of(prepared: Prepared) -> dict[str, Any]:
    """A message's columns, but for where it belongs."""
    incoming = prepared.incoming
    sender = _person(incoming.sender)
    if incoming.author.address != incoming.sender.address:
        sender |= {"reply_to": incoming.author.address, "name": incoming.author.name or incoming.sender.name}
    elif incoming.answer_to is not None:
        sender |= {"reply_to": incoming.answer_to.address}
    return {
        "account_id": prepared.account_id,
        "channel": prepared.kind,
        "direction": Direction.OUT if incoming.echo else Direction.IN,
        "state": "sent" if incoming.echo else "received",
        "content": dict(incoming.content),
        "sender": sender,
        "to": [_person(one) for one in incoming.to],
        "cc": [_person(one) for one in incoming.cc],
        "subject": incoming.subject,
        "text": incoming.text,
        "reply": incoming.reply,
        "quoted": incoming.quoted,
        "html": incoming.html,
        "language": prepared.classification.lang,
        "external_id": thread.known_as(incoming.external_id),
        "in_reply_to": thread.known_as(incoming.in_reply_to),
        "references": list(incoming.references),
        "fingerprint": incoming.fingerprint,
        "automatic": incoming.automatic,
        "unattended": incoming.unattended,
        "proven": bool(incoming.vouched_by),
        "problems": list(incoming.problems),
        "inbound_id": prepared.event_id,
        "sent_at": believable(incoming.sent_at, prepared.received_at),
    }


def believable(sent_at: datetime | None, received_at: datetime) -> datetime:
    """The writer's clock, unless it is missing, before there was mail, or ahead of ours."""
    if sent_at is None or not FIRST_MAIL < sent_at <= received_at + CLOCKS_DIFFER:
        return received_at
    return sent_at


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "address": person.address}


def _index(unit: Unit, ticket: Ticket, message: Message, prepared: Prepared) -> None:
    if prepared.kind in SOCIAL:
        words = social_words.words_of(message, message.text)
        search.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words=words)
        return
    customer = unit.session.get_one(Customer, ticket.customer_id)
    search.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words=words_of(prepared, customer.name))


def words_of(prepared: Prepared, name: str) -> str:
    """What the message is found by; `name` is its customer's."""
    incoming = prepared.incoming
    names = " ".join(file.name for file in prepared.stored)
    return f"{incoming.subject}\n{name}\n{incoming.author.address}\n{names}\n{incoming.text}"

"""Tickets that the classifier kept silent on and nobody has tagged since: where a new topic would hide.

Beside them stand the tagged ones, so that a brand's usual greetings and goods are no news.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from classifiers.language import settle
from helpdesk.customers.private_numbers import blank
from helpdesk.models import Direction, Message, Status, Tag, Ticket, TicketTag
from helpdesk.store.db import Unit

WEEKS = 8
MOST = 3_000  # of the newest, so that it never takes long
USUAL = 1_000  # tagged ones beside them
LOOKED_AT = 5  # first messages of a ticket
LONGEST = 2_000  # characters
AT_ONCE = 500
NO_TOPIC = (Status.SPAM.value, Status.MERGED.value)


@dataclass(frozen=True, slots=True)
class Words:
    """The message in which a ticket's customer says most."""

    ticket_id: int
    customer_id: int
    message_id: int
    subject: str
    text: str
    lang: str


def gather(unit: Unit, brand_id: int) -> list[Words]:
    """One for each ticket of the last eight weeks, the oldest first."""
    return _words(unit, _tickets(unit, brand_id, about=False).limit(MOST))


def gather_usual(unit: Unit, brand_id: int) -> list[Words]:
    """As many of those whose topic is known, the newest of them."""
    return _words(unit, _tickets(unit, brand_id, about=True).limit(USUAL))


def _words(unit: Unit, wanted: Any) -> list[Words]:
    tickets = {row.id: row for row in unit.rows(wanted)}
    found = [
        Words(
            pk, row.customer_id, message, blank(subject), blank(text), settle(row.language, text or subject)
        )
        for pk, message, subject, text in _longest(unit, sorted(tickets))
        if (row := tickets[pk])
    ]
    return sorted(found, key=lambda one: one.ticket_id)


def messages_of(unit: Unit, ticket_ids: Sequence[int]) -> dict[int, int]:
    """By ticket, the message in which its customer says most."""
    return {pk: message for pk, message, _subject, _text in _longest(unit, ticket_ids)}


def _tickets(unit: Unit, brand_id: int, *, about: bool) -> Any:
    said = or_(col(Tag.kind) == "intent", (col(Tag.kind) == "own") & (col(TicketTag.source) != "macro"))
    known = (
        select(col(TicketTag.ticket_id))
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(col(TicketTag.ticket_id) == col(Ticket.id), said)
        .exists()
    )
    return (
        select(col(Ticket.id), col(Ticket.customer_id), col(Ticket.language))
        .where(
            col(Ticket.brand_id) == brand_id,
            col(Ticket.created_at) >= unit.now - timedelta(weeks=WEEKS),
            col(Ticket.status).not_in(NO_TOPIC),
            known if about else ~known,
        )
        .order_by(col(Ticket.id).desc())
    )


def _longest(unit: Unit, ids: Sequence[int]) -> Iterator[tuple[int, int, str, str]]:
    best: dict[int, tuple[int, int, str, str]] = {}
    seen: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        for pk, message, subject, reply, text in unit.rows(_messages(ids[start : start + AT_ONCE])):
            seen[pk] = seen.get(pk, 0) + 1
            words = reply or text
            if seen[pk] > LOOKED_AT or not (words.strip() or subject.strip()):
                continue
            if pk not in best or len(words) > len(best[pk][3]):
                best[pk] = (pk, message, subject, words)
    yield from best.values()


def _messages(ids: Sequence[int]) -> Any:
    return (
        select(
            *(col(Message.ticket_id), col(Message.id), col(Message.subject)),
            *(func.substr(col(one), 1, LONGEST) for one in (Message.reply, Message.text)),
        )
        .where(
            col(Message.ticket_id).in_(ids),
            col(Message.direction) == Direction.IN.value,
            col(Message.automatic).is_(False),
            col(Message.unattended).is_(False),
        )
        .order_by(col(Message.ticket_id), col(Message.sent_at), col(Message.id))
    )

"""Which ticket a message belongs to: by ids, then by signed reply address, and by subject only for its own people."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from sqlmodel import col, select

from helpdesk.channels.incoming import Incoming
from helpdesk.channels.token import find_ticket_key
from helpdesk.customers.identify import find_customer
from helpdesk.intake import visitor
from helpdesk.models import Brand, Message, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

LONGEST_ID = 500  # bytes
SUBJECT_TOKEN = re.compile(r"\[#(\d{1,9})\]")


def known_as(external_id: str | None) -> str | None:
    """The id as it is stored: absurdly long ones, which no index takes, by their hash."""
    if external_id is None or len(external_id.encode()) <= LONGEST_ID:
        return external_id
    return "sha256:" + hashlib.sha256(external_id.encode()).hexdigest()


def find_ticket(unit: Unit, brand: Brand, incoming: Incoming, seal: Seal) -> Ticket | None:
    return (
        visitor.find_ticket(unit, brand.pk, incoming)
        or _by_ids(unit, brand, incoming)
        or _by_reply_address(unit, brand, incoming, seal)
        or _by_subject(unit, brand, incoming)
    )


def continues(ticket: Ticket, brand: Brand, incoming: Incoming, unit: Unit) -> bool:
    """False when the ticket was closed, or a talk silent, too long ago: then a linked follow-up is opened."""
    said_at = min(incoming.sent_at or unit.now, unit.now)  # which may be days ago, when we were away
    if incoming.silence and said_at - ticket.last_message_at > incoming.silence:
        return False
    if ticket.status != Status.CLOSED or ticket.closed_at is None or incoming.unattended:
        return True
    return unit.now - ticket.closed_at <= timedelta(days=brand.reopen_days)


def _by_ids(unit: Unit, brand: Brand, incoming: Incoming) -> Ticket | None:
    """The nearest ancestor that is ours: In-Reply-To first, then References from the last to the first."""
    ids = list(
        dict.fromkeys(
            [*([incoming.in_reply_to] if incoming.in_reply_to else []), *reversed(incoming.references)]
        )
    )
    if not ids:
        return None
    rows = unit.session.exec(
        select(Message.external_id, Message.ticket_id).where(
            Message.brand_id == brand.id, col(Message.external_id).in_([known_as(one) for one in ids[:500]])
        )
    )
    tickets = dict(rows.all())
    nearest = next((tickets[known] for one in ids if (known := known_as(one)) in tickets), None)
    return unit.session.get(Ticket, nearest) if nearest else None


def _by_reply_address(unit: Unit, brand: Brand, incoming: Incoming, seal: Seal) -> Ticket | None:
    key = find_ticket_key(" ".join(incoming.routed_to), seal)
    if key is None:
        return None
    return unit.session.exec(select(Ticket).where(Ticket.key == key, Ticket.brand_id == brand.id)).first()


def _by_subject(unit: Unit, brand: Brand, incoming: Incoming) -> Ticket | None:
    """Anybody can type a number: it only counts for somebody who is on that ticket already."""
    found = SUBJECT_TOKEN.search(incoming.subject)
    if not found:
        return None
    ticket = unit.session.exec(
        select(Ticket).where(Ticket.brand_id == brand.id, Ticket.number == int(found[1]))
    ).first()
    if ticket is None:
        return None
    customer = find_customer(unit, brand.pk, incoming.identity_kind, incoming.author.address)
    return ticket if customer and customer.id == ticket.customer_id else None

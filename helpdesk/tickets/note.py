"""A word among agents; the customer never sees it."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Direction, Message, Ticket, new_key
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.tickets.reply import find_sent
from helpdesk.tickets.upload import Upload, attach


def add(
    unit: Unit,
    ticket: Ticket,
    *,
    by: Agent,
    body: str,
    files: Files,
    attachments: Sequence[Upload] = (),
    token: str = "",
) -> Message:
    if not body.strip():
        raise Invalid("write a note first", field="body")
    key = new_key()
    fingerprint = f"note:{ticket.pk}:{token}"[:64] if token else f"note:{key}"
    if token and (first := find_sent(unit, ticket, fingerprint)):
        return first
    message = Message(
        key=key,
        brand_id=ticket.brand_id,
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        agent_id=by.pk,
        channel=ticket.channel,
        direction=Direction.NOTE,
        sender={"name": by.name},
        text=body.strip(),
        reply=body.strip(),
        fingerprint=fingerprint,
        sent_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(message)
    unit.session.flush()
    attach(unit, message, attachments, files)
    ticket.updated_at = unit.now
    search.put(unit, brand_id=ticket.brand_id, ticket_id=ticket.pk, words=message.text)
    unit.tell("ticket_noted", ticket.brand_id, ticket=ticket.pk, message=message.pk)
    return message

"""A visitor's words and their ticket: which one they talk in, and what their chat shows of it."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.channels.incoming import Incoming
from helpdesk.chat import lines, outgoing
from helpdesk.customers.identify import EMAIL, list_identities, normalise
from helpdesk.models import ChatLine, Message, Ticket, Visitor
from helpdesk.store.db import Unit
from helpdesk.tickets import log


def find_ticket(unit: Unit, brand_id: int, incoming: Incoming) -> Ticket | None:
    """What this visitor talks in; their row is held, so that two workers never open two."""
    if not incoming.conversation:
        return None
    found = unit.session.exec(
        select(Visitor)
        .where(Visitor.key == incoming.conversation, Visitor.brand_id == brand_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    return unit.session.get(Ticket, found.ticket_id) if found and found.ticket_id else None


def joined(unit: Unit, ticket: Ticket, message: Message, incoming: Incoming) -> None:
    """The visitor's line and message are tied together; a mail of theirs is shown in their chat."""
    if incoming.conversation:
        _tie(unit, ticket, message, incoming)
    elif not incoming.unattended:
        _show_mail(unit, ticket, message)


def _tie(unit: Unit, ticket: Ticket, message: Message, incoming: Incoming) -> None:
    visitor = unit.session.exec(select(Visitor).where(Visitor.key == incoming.conversation)).first()
    if visitor is None:
        return
    moved = visitor.ticket_id != ticket.pk
    visitor.ticket_id, visitor.customer_id = ticket.pk, ticket.customer_id
    key = (incoming.external_id or "").partition(":")[2]
    line = lines.find_by_key(unit, visitor.pk, key)
    if line:
        line.message_id = message.pk
    if incoming.consented:
        log.write(unit, ticket, "consented")
    if moved:
        unit.tell("visitor_placed", ticket.brand_id, visitor=visitor.pk, ticket=ticket.pk)


def _show_mail(unit: Unit, ticket: Ticket, message: Message) -> ChatLine | None:
    """Only what comes from the visitor's own address: others who join by mail are not in the chat."""
    visitor = unit.session.exec(
        select(Visitor).where(Visitor.ticket_id == ticket.pk).order_by(col(Visitor.id).desc())
    ).first()
    if visitor is None:
        return None
    own = {normalise(EMAIL, visitor.email)}
    if visitor.verified:
        own |= {one.value for one in list_identities(unit, ticket.customer_id) if one.kind == EMAIL}
    if normalise(EMAIL, str(message.sender.get("address") or "")) not in own:
        return None
    return outgoing.show_mail(unit, visitor, message)

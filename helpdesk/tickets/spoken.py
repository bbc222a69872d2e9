"""An answer in a conversation: said to whoever is there, without address lines, subject or signature."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.errors import Invalid
from helpdesk.models import Agent, ChannelAccount, Direction, Message, Ticket, Visitor, new_key
from helpdesk.store.db import Unit
from helpdesk.tickets.letter import Letter


def message_of(unit: Unit, ticket: Ticket, letter: Letter, account: ChannelAccount, by: Agent) -> Message:
    visitor = find_visitor(unit, ticket)
    if visitor is None:
        raise Invalid("the visitor of this chat is not known any more", field="to")
    key = new_key()
    return Message(
        key=key,
        brand_id=ticket.brand_id,
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        account_id=account.pk,
        agent_id=by.pk,
        channel=account.kind,
        direction=Direction.OUT,
        sender={"name": by.name, "address": account.address},
        to=[{"name": visitor.name, "address": visitor.key}],
        text=letter.text,
        reply=letter.text,
        language=ticket.language,
        external_id=f"hd.{ticket.key}.{key}",
        fingerprint=f"out:{key}",
        macro_key=letter.macro[0] if letter.macro else None,
        macro_version=letter.macro[1] if letter.macro else None,
        state="queued",
        sent_at=letter.at or unit.now,
        created_at=unit.now,
    )


def find_visitor(unit: Unit, ticket: Ticket) -> Visitor | None:
    """Who talks in this ticket, or did: after a while the same visitor may talk in another."""
    talking = select(Visitor).where(Visitor.ticket_id == ticket.pk)
    found = unit.session.exec(talking.order_by(col(Visitor.last_seen_at).desc())).first()
    if found:
        return found
    newest = select(Message).where(
        Message.ticket_id == ticket.pk,
        Message.direction == Direction.IN,
        Message.account_id == ticket.account_id,
    )
    message = unit.session.exec(newest.order_by(col(Message.id).desc())).first()
    key = str(message.sender.get("address") or "") if message else ""
    return unit.session.exec(
        select(Visitor).where(Visitor.key == key, Visitor.brand_id == ticket.brand_id)
    ).first()

"""An answer in a conversation: said to whoever is there, without address lines, subject or signature."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from helpdesk.errors import Invalid
from helpdesk.models import Agent, ChannelAccount, Direction, Message, Ticket, Visitor, new_key
from helpdesk.store.db import Unit
from helpdesk.tickets import outgoing
from helpdesk.tickets.letter import Letter

MOST_OFFERS, LONGEST_OFFER = 6, 80


def message_of(unit: Unit, ticket: Ticket, letter: Letter, account: ChannelAccount, by: Agent) -> Message:
    visitor = find_visitor(unit, ticket)
    if visitor is None:
        raise Invalid("the visitor of this chat is not known any more", field="to")
    to = [{"name": visitor.name, "address": visitor.key}]
    offers = offered(letter.replies)
    return outgoing.begin(unit, ticket, letter, account, by, key=new_key(), to=to, replies=offers)


def offered(given: Sequence[str]) -> list[str]:
    """Each once, short enough for a button."""
    kept = (" ".join(one.split())[:LONGEST_OFFER].strip() for one in given)
    return list(dict.fromkeys(one for one in kept if one))[:MOST_OFFERS]


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

"""An answer on a social channel: to whoever wrote there, while the provider lets the brand write."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.channels.social import CHANNELS
from helpdesk.channels.windows import Mode, Window, decide
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Agent, ChannelAccount, Contact, Direction, Message, Ticket, new_key
from helpdesk.store.db import Unit
from helpdesk.tickets import outgoing, spoken
from helpdesk.tickets.letter import Letter

WHY = {
    "blocked": lazy("this customer has blocked the account; answer by another way"),
    "silent": lazy("the customer has to write first on this channel"),
    "over": lazy("the time in which this channel takes answers is over; answer by another way"),
}


def message_of(unit: Unit, ticket: Ticket, letter: Letter, account: ChannelAccount, by: Agent) -> Message:
    """Raises Invalid when nobody is there to write to, or not any more."""
    contact = find_contact(unit, ticket)
    if contact is None:
        raise Invalid(lazy("nobody has written to this account in this ticket"), field="to")
    window = window_of(unit, contact, account)
    if window.mode in (Mode.CLOSED, Mode.TEMPLATE):
        raise Invalid(WHY[window.reason], field="body")
    to = [{"name": contact.name, "address": contact.address}]
    offers = spoken.offered(letter.replies)
    return outgoing.begin(unit, ticket, letter, account, by, key=new_key(), to=to, replies=offers)


def window_of(unit: Unit, contact: Contact, account: ChannelAccount) -> Window:
    rules = CHANNELS[account.kind].rules
    return decide(rules, acted_at=contact.acted_at, now=unit.now, blocked=contact.blocked)


def find_contact(unit: Unit, ticket: Ticket) -> Contact | None:
    """Who talks in this ticket, or wrote in it last: after a while they may talk in another."""
    talking = select(Contact).where(Contact.ticket_id == ticket.pk, Contact.account_id == ticket.account_id)
    found = unit.session.exec(talking.order_by(col(Contact.acted_at).desc())).first()
    if found:
        return found
    newest = (
        select(Message)
        .where(
            Message.ticket_id == ticket.pk,
            Message.direction == Direction.IN,
            Message.account_id == ticket.account_id,
        )
        .order_by(col(Message.id).desc())
    )
    message = unit.session.exec(newest).first()
    if message is None:
        return None
    address = str(message.sender.get("reply_to") or message.sender.get("address") or "")
    wanted = select(Contact).where(Contact.account_id == ticket.account_id, Contact.address == address)
    return unit.session.exec(wanted).first()

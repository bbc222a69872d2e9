"""An agent has read what a contact wrote: where the account says so, the provider is told, and the customer sees it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from helpdesk.channels.carers import TELL_READING
from helpdesk.errors import SendFailed, Unavailable
from helpdesk.models import ChannelAccount, Contact, Direction, Message, ReadMark, Ticket
from helpdesk.store.db import Unit
from helpdesk.store.queue import plan_retry

SETTING = "mark_read"
MOST_ATTEMPTS = 4  # after an hour nobody cares any more


@dataclass(frozen=True, slots=True)
class Newest:
    """The contact's newest message: the provider's name of it, and what came along to say it was read."""

    to: str
    message: str
    token: str


def seen(unit: Unit, ticket: Ticket) -> None:
    """Of the account that the ticket came to. Says nothing where reading is not told, or is told already."""
    if ticket.channel not in TELL_READING or ticket.account_id is None:
        return
    account = unit.session.get_one(ChannelAccount, ticket.account_id)
    if not account.config.get(SETTING):
        return
    contacts = select(Contact).where(
        Contact.ticket_id == ticket.pk,
        Contact.account_id == account.pk,
        Contact.customer_id == ticket.customer_id,  # not who was parted from them since
    )
    for contact in unit.session.exec(contacts):
        if newest := _newest(unit, ticket, account):
            _mark(unit, contact, newest)


def _newest(unit: Unit, ticket: Ticket, account: ChannelAccount) -> Message | None:
    theirs = select(Message).where(
        Message.ticket_id == ticket.pk, Message.account_id == account.pk, Message.direction == Direction.IN
    )
    return unit.session.exec(theirs.order_by(col(Message.id).desc()).limit(1)).first()


def _mark(unit: Unit, contact: Contact, newest: Message) -> None:
    """One row for a contact: what is newer takes the place of what was. The contact is held: two agents may look."""
    unit.session.get_one(Contact, contact.pk, with_for_update=True)
    row = unit.session.exec(select(ReadMark).where(ReadMark.contact_id == contact.pk)).first()
    if row is None:
        row = ReadMark(
            brand_id=contact.brand_id,
            account_id=contact.account_id,
            contact_id=contact.pk,
            message_id=newest.pk,
            next_at=unit.now,
        )
        unit.session.add(row)
    elif row.message_id >= newest.pk:
        return
    row.message_id, row.state, row.attempts = newest.pk, "queued", 0
    row.next_at, row.lease_until, row.reason = unit.now, None, None
    unit.session.flush()
    unit.tell("reading_queued", contact.brand_id, contact=contact.pk)


def newest_of(unit: Unit, mark: ReadMark) -> Newest:
    contact = unit.session.get_one(Contact, mark.contact_id)
    message = unit.session.get_one(Message, mark.message_id)
    return Newest(contact.address, message.external_id or "", str(message.content.get("read_token") or ""))


def settle(unit: Unit, mark_id: int, message_id: int, error: SendFailed | None) -> None:
    """Told, put off, or given up: nobody is bothered with that. What was read meanwhile is still to be told."""
    row = unit.session.get(ReadMark, mark_id, with_for_update=True, populate_existing=True)
    if row is None or row.message_id != message_id or row.state != "queued":
        return
    row.lease_until = None
    if error is None:
        row.state, row.reason = "done", None
        return
    row.reason = error.text
    again = (
        plan_retry(row.attempts, unit.now, retry_after=error.retry_after)
        if isinstance(error, Unavailable)
        else None
    )
    if again is None or row.attempts >= MOST_ATTEMPTS:
        row.state = "failed"
    else:
        row.next_at = again

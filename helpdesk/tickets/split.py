"""Messages of one ticket become a ticket of their own, linked both ways; merging it back undoes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from helpdesk.customers.identify import EMAIL, find_customer, identify, normalise
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, Brand, Customer, Direction, Message, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log
from helpdesk.tickets.answered import is_answer, is_said
from helpdesk.tickets.open import open_ticket
from helpdesk.tickets.receive import line_of


def split(unit: Unit, ticket: Ticket, keys: Collection[str], *, by: Agent | None) -> Ticket:
    """The new ticket: of the customer who wrote these messages, with everything that hangs on them.

    Raises Invalid when nothing is chosen, or nothing would stay.
    """
    if ticket.status in (Status.MERGED, Status.SPAM):
        raise Conflict("this ticket is in spam or part of another one; nothing can be split off it")
    everything = _said(unit, ticket)
    chosen = [one for one in everything if one.key in keys]
    if not chosen:
        raise Invalid("choose the messages that belong in another ticket", field="messages")
    if len(chosen) == len(everything):
        raise Invalid("leave at least one message in this ticket", field="messages")
    said = [one for one in everything if is_said(one)]
    waited = waiting_since(said)
    new = _open(unit, ticket, chosen)
    _move(unit, chosen, new)
    rest = [one for one in said if one not in chosen]
    _settle(new, [one for one in said if one in chosen], unit.now)
    new.status = Status.OPEN if new.waiting_since else Status.PENDING
    _count(ticket, rest)
    if any(is_answer(one) for one in chosen):
        ticket.first_response_at = _first_answer(rest)
    if waiting_since(rest) != waited and ticket.status != Status.CLOSED:
        ticket.waiting_since = waiting_since(rest)
        ticket.status = Status.OPEN if ticket.waiting_since else Status.PENDING
    log.write(unit, ticket, "split", by=by, number=new.number, key=new.key, count=len(chosen))
    log.write(unit, new, "split_from", by=by, number=ticket.number, key=ticket.key)
    return new


def waiting_since(messages: Sequence[Message]) -> datetime | None:
    """The first customer message after our last answer; automatic mail asks nothing."""
    since = None
    for one in messages:
        if is_answer(one):
            since = None
        elif one.direction == Direction.IN and not one.unattended:
            since = since or one.sent_at
    return since


def _said(unit: Unit, ticket: Ticket) -> list[Message]:
    wanted = select(Message).where(Message.ticket_id == ticket.pk)
    return list(unit.session.exec(wanted.order_by(col(Message.sent_at), col(Message.id))))


def _open(unit: Unit, ticket: Ticket, chosen: Sequence[Message]) -> Ticket:
    first = next((one for one in chosen if one.direction == Direction.IN), chosen[0])
    return open_ticket(
        unit,
        unit.session.get_one(Brand, ticket.brand_id),
        _writer(unit, ticket, chosen),
        channel=first.channel,
        account_id=first.account_id or ticket.account_id,
        subject=first.subject or ticket.subject,
        language=first.language or ticket.language,
        preview=line_of(first),
        at=first.sent_at,
        follow_up_of=ticket,
    )


def _writer(unit: Unit, ticket: Ticket, chosen: Sequence[Message]) -> Customer:
    """The ticket's customer, unless one other person wrote all of these messages."""
    own = unit.session.get_one(Customer, ticket.customer_id)
    incoming = [one for one in chosen if one.direction == Direction.IN and one.channel == EMAIL]
    addresses = {normalise(EMAIL, str(one.sender.get("address", ""))) for one in incoming} - {""}
    if len(addresses) != 1 or incoming[0].sender.get("reply_to"):
        return own
    address = addresses.pop()
    known = find_customer(unit, ticket.brand_id, EMAIL, address)
    if known is not None:
        return known
    return identify(unit, ticket.brand_id, EMAIL, address, name=str(incoming[0].sender.get("name", "")))


def _move(unit: Unit, chosen: Sequence[Message], new: Ticket) -> None:
    """The timeline of a person shows what that person wrote, so their messages become the new customer's."""
    ids = [one.pk for one in chosen]
    unit.session.execute(
        update(Message).where(col(Message.id).in_(ids)).values(ticket_id=new.pk, customer_id=new.customer_id)
    )


def _settle(ticket: Ticket, messages: Sequence[Message], now: datetime) -> None:
    """A ticket's figures as its messages say."""
    _count(ticket, messages)
    ticket.waiting_since = waiting_since(messages)
    ticket.received_at = now
    ticket.first_response_at = _first_answer(messages)


def _first_answer(messages: Sequence[Message]) -> datetime | None:
    return next((one.sent_at for one in messages if is_answer(one)), None)


def _count(ticket: Ticket, messages: Sequence[Message]) -> None:
    said = [one for one in messages if one.direction != Direction.NOTE]
    ticket.messages_count = len(said)
    ticket.last_message_at = max((one.sent_at for one in said), default=ticket.last_message_at)
    theirs = [one for one in said if one.direction == Direction.IN and not one.unattended]
    if theirs:
        ticket.preview = line_of(theirs[-1]) or ticket.preview

"""A telephone call that an agent writes down: nobody but colleagues reads it; after a talk nobody waits any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlmodel import select

from helpdesk import i18n
from helpdesk.channels.content import name_of
from helpdesk.channels.phone.parse import CALL, VOICEMAIL
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Brand, Customer, Direction, Message, Status, Ticket, new_key
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.tickets import answered, assign, close, log
from helpdesk.tickets.open import open_ticket

PHONE = "phone"
TALKED = "talked"
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        TALKED: lazy("We talked"),
        "no_answer": lazy("Nobody answered"),
        VOICEMAIL: lazy("A message was left after the tone"),
    }
)
LONGEST_MINUTES = 600
LATEST = timedelta(minutes=5)  # a clock may go a little fast


@dataclass(frozen=True, slots=True)
class Call:
    """`outcome` is one of OUTCOMES; `note` is what was said, for colleagues."""

    inbound: bool
    outcome: str
    minutes: int
    note: str
    at: datetime


def add(unit: Unit, ticket: Ticket, call: Call, *, by: Agent, token: str = "", done: bool = False) -> Message:
    """The same form sent twice is one call. `done` closes the ticket. Raises Invalid for a call that cannot be."""
    _check(call, unit.now)
    key = new_key()
    customer = unit.session.get_one(Customer, ticket.customer_id)
    if first := find_logged(unit, customer, token):
        return first
    message = Message(
        key=key,
        brand_id=ticket.brand_id,
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        agent_id=by.pk,
        channel=PHONE,
        direction=Direction.NOTE,
        sender={"name": by.name},
        text=call.note,
        reply=call.note,
        content=_content(call),
        fingerprint=_fingerprint(customer, token or key),
        sent_at=call.at,
        created_at=unit.now,
    )
    unit.session.add(message)
    unit.session.flush()
    search.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words=message.text)
    if call.outcome == TALKED:
        answered.talked(ticket, call.at)
        ticket.assignee_id = ticket.assignee_id or by.pk
    log.write(unit, ticket, "call_logged", by=by, message=message.pk)
    if done:
        close.close(unit, ticket, by=by)
    return message


def find_logged(unit: Unit, customer: Customer, token: str) -> Message | None:
    """What the same form has made before."""
    if not token:
        return None
    same = select(Message).where(
        Message.brand_id == customer.brand_id, Message.fingerprint == _fingerprint(customer, token)
    )
    return unit.session.exec(same).first()


def begin(unit: Unit, customer: Customer, call: Call, *, by: Agent, subject: str = "") -> Ticket:
    """A ticket for a call that belongs to none, the agent's own; the call itself is added to it."""
    _check(call, unit.now)
    brand = unit.session.get_one(Brand, customer.brand_id)
    with i18n.using(brand.language):
        named = subject or name_of(_content(call))
    ticket = open_ticket(
        unit,
        brand,
        customer,
        channel=PHONE,
        account_id=None,
        subject=named,
        language=customer.language or brand.language,
        preview=" ".join(call.note.split())[:300],
        at=call.at,
    )
    assign.to(unit, ticket, by, by=by)
    if call.outcome != TALKED and call.inbound:
        ticket.waiting_since = call.at
    elif call.outcome != TALKED:
        ticket.status = Status.PENDING
    return ticket


def _fingerprint(customer: Customer, token: str) -> str:
    return f"call:{customer.pk}:{token}"[:64]


def _check(call: Call, now: datetime) -> None:
    if call.outcome not in OUTCOMES:
        raise Invalid("choose how the call ended", field="outcome")
    if not 0 <= call.minutes <= LONGEST_MINUTES:
        raise Invalid("a call lasts from 0 to %(most)s minutes", field="minutes", most=LONGEST_MINUTES)
    if call.at > now + LATEST:
        raise Invalid("this call has not happened yet; choose a time that is past", field="at")


def _content(call: Call) -> dict[str, object]:
    talked = call.outcome == TALKED
    state = "completed" if talked else "missed" if call.inbound else "no-answer"
    return {
        "type": CALL,
        "state": state,
        "seconds": 60 * call.minutes if talked else 0,
        "inbound": call.inbound,
        "by_hand": True,
        **({VOICEMAIL: True} if call.outcome == VOICEMAIL else {}),
    }

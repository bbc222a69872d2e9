"""Who writes, as one account knows them, and the ticket that they talk in now."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select

from helpdesk.channels.incoming import Incoming
from helpdesk.channels.protocol import Person
from helpdesk.customers import verified
from helpdesk.customers.identify import clean_name, identify
from helpdesk.models import Contact, Customer, Ticket
from helpdesk.store.db import Unit

TOKENS = ("phone", "username", "user_id")


def find(unit: Unit, account_id: int, address: str) -> Contact | None:
    return unit.session.exec(
        select(Contact).where(Contact.account_id == account_id, Contact.address == address[:320])
    ).first()


def hold(unit: Unit, *, brand_id: int, account_id: int, kind: str, who: Person) -> Contact:
    """Locked, so that two workers never open two tickets; made with its customer when it is new."""
    wanted = select(Contact).where(Contact.account_id == account_id, Contact.address == who.address[:320])
    found = unit.session.exec(wanted.with_for_update().execution_options(populate_existing=True)).first()
    if found:
        return found
    customer = identify(unit, brand_id, kind, who.address, name=who.name)
    contact = Contact(
        brand_id=brand_id,
        account_id=account_id,
        address=who.address[:320],
        customer_id=customer.pk,
        name=clean_name(who.name),
        created_at=unit.now,
    )
    unit.session.add(contact)
    unit.session.flush()
    verified.wrote_first(unit, customer, kind, who.address)
    return contact


def get_customer(unit: Unit, contact: Contact) -> Customer:
    return unit.session.get_one(Customer, contact.customer_id)


def acted(contact: Contact, incoming: Incoming, *, at: datetime, received_at: datetime) -> None:
    """The customer's act opens the window. A reply token is the newest event's, good from when it reached us."""
    known = contact.also.get("reachable_at")
    if (
        not known or datetime.fromisoformat(known) <= at
    ):  # not what was said before they blocked us and came late
        contact.blocked = False
    contact.name = contact.name or clean_name(incoming.author.name)
    contact.also = {
        **contact.also,
        **{one: incoming.content[one] for one in TOKENS if incoming.content.get(one)},
    }
    if contact.acted_at is None or at >= contact.acted_at:
        contact.acted_at = at
        if incoming.reply_token:
            contact.reply_token, contact.reply_token_at = incoming.reply_token[:200], received_at


def take_reply_token(contact: Contact) -> tuple[str, datetime] | None:
    """The free answer, once."""
    if not contact.reply_token or contact.reply_token_at is None:
        return None
    taken = contact.reply_token, contact.reply_token_at
    contact.reply_token, contact.reply_token_at = "", None
    return taken


def find_ticket(unit: Unit, contact: Contact) -> Ticket | None:
    return unit.session.get(Ticket, contact.ticket_id) if contact.ticket_id else None

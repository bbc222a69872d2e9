"""Every way to write to a ticket's customer: where the ticket came from, their other accounts, their e-mail addresses.

A ticket keeps one timeline whichever way its answers go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from helpdesk.channels.registry import CONVERSATIONAL, NAMELESS
from helpdesk.channels.social import CHANNELS as SOCIAL
from helpdesk.channels.windows import Mode, Window
from helpdesk.customers.identify import EMAIL
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount, Contact, Customer, Identity, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import direct, spoken

PHONE, SMS = "phone", "sms"
GONE = lazy("this way to the customer is not there any more; choose another one")
OPEN = Window(Mode.FREE)


@dataclass(frozen=True, slots=True)
class Way:
    """`own` is where the ticket came from. `address` is empty where it means nothing to people."""

    key: str
    kind: str
    account: ChannelAccount
    name: str
    address: str
    window: Window
    contact: Contact | None = None
    own: bool = False


def list_ways(unit: Unit, ticket: Ticket) -> list[Way]:
    """The ticket's own first, then by who wrote last, then e-mail addresses."""
    customer = unit.session.get_one(Customer, ticket.customer_id)
    accounts = _accounts(unit, ticket)
    own = _own(unit, ticket, customer, accounts)
    found: dict[tuple[int, str], Way] = {}
    for way in (
        *([own] if own else []),
        *_contacts(unit, customer, accounts),
        *_mail(unit, ticket, customer, accounts),
        *_numbers(unit, customer, accounts),
    ):
        found.setdefault((way.account.pk, way.address or way.key), way)
    return list(found.values())


def get_way(unit: Unit, ticket: Ticket, key: str) -> Way:
    """Raises Invalid when it is not one of the customer's."""
    found = next((one for one in list_ways(unit, ticket) if one.key == key), None)
    if found is None:
        raise Invalid(GONE, field="via")
    return found


def hold_contact(unit: Unit, ticket: Ticket, way: Way) -> Contact:
    """Who is written to for the first time is known from then on."""
    if way.contact is not None:
        return way.contact
    contact = Contact(
        brand_id=ticket.brand_id,
        account_id=way.account.pk,
        address=way.address,
        customer_id=ticket.customer_id,
        name=way.name,
        created_at=unit.now,
    )
    unit.session.add(contact)
    unit.session.flush()
    return contact


def _accounts(unit: Unit, ticket: Ticket) -> dict[int, ChannelAccount]:
    """What the brand has, oldest first; of those that are switched off the ticket's own alone."""
    rows = unit.session.exec(
        select(ChannelAccount)
        .where(ChannelAccount.brand_id == ticket.brand_id)
        .order_by(col(ChannelAccount.id))
    )
    return {one.pk: one for one in rows if one.active or one.pk == ticket.account_id}


def _own(unit: Unit, ticket: Ticket, customer: Customer, accounts: dict[int, ChannelAccount]) -> Way | None:
    """None for mail, which the customer's addresses stand for, and while nobody is there to write to."""
    account = accounts.get(ticket.account_id or 0)
    if account is not None and account.kind in CONVERSATIONAL:
        visitor = spoken.find_visitor(unit, ticket)
        name = visitor.name if visitor else ""
        return Way("chat", account.kind, account, name or customer.name, "", OPEN, own=True)
    if account is None or account.kind not in SOCIAL:
        return None
    contact = direct.find_contact(unit, ticket)
    return _way_of(unit, contact, account, customer, own=True) if contact else None


def _contacts(unit: Unit, customer: Customer, accounts: dict[int, ChannelAccount]) -> Iterator[Way]:
    wanted = select(Contact).where(Contact.customer_id == customer.pk)
    for contact in unit.session.exec(wanted.order_by(col(Contact.acted_at).desc(), col(Contact.id))):
        account = accounts.get(contact.account_id)
        if account is not None and account.kind in SOCIAL:
            yield _way_of(unit, contact, account, customer)


def _way_of(
    unit: Unit, contact: Contact, account: ChannelAccount, customer: Customer, *, own: bool = False
) -> Way:
    return Way(
        contact.key,
        account.kind,
        account,
        contact.name or customer.name,
        _shown(contact, account),
        direct.window_of(unit, contact, account),
        contact,
        own,
    )


def _shown(contact: Contact, account: ChannelAccount) -> str:
    """Providers' ids are no names; a number or a username is."""
    named = str(contact.also.get("username") or contact.also.get("phone") or "")
    return named or ("" if account.kind in NAMELESS else contact.address)


def _mail(
    unit: Unit, ticket: Ticket, customer: Customer, accounts: dict[int, ChannelAccount]
) -> Iterator[Way]:
    """A ticket that came by mail has one: its address line says the rest. Elsewhere each address is a way."""
    own = accounts.get(ticket.account_id or 0)
    box = next((one for one in accounts.values() if one.kind == EMAIL and one.active), None)
    if ticket.channel == EMAIL and (sender := own or box):
        first = "".join(one.shown or one.value for one in _identities(unit, customer, EMAIL)[:1])
        yield Way(EMAIL, EMAIL, sender, customer.name, first, OPEN, own=True)
    elif box:
        for one in _identities(unit, customer, EMAIL):
            yield Way(f"mail:{one.pk}", EMAIL, box, customer.name, one.shown or one.value, OPEN)


def _numbers(unit: Unit, customer: Customer, accounts: dict[int, ChannelAccount]) -> Iterator[Way]:
    """A telephone number can be written to where the brand sends text messages."""
    account = next((one for one in accounts.values() if one.kind == SMS and one.active), None)
    if account is None:
        return
    for one in _identities(unit, customer, PHONE):
        if one.value.startswith("+"):
            yield Way(f"sms:{one.pk}", SMS, account, customer.name, one.value, OPEN)


def _identities(unit: Unit, customer: Customer, kind: str) -> Sequence[Identity]:
    wanted = select(Identity).where(Identity.customer_id == customer.pk, Identity.kind == kind)
    return unit.session.exec(wanted.order_by(col(Identity.id))).all()

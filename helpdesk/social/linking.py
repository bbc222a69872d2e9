"""A person on LINE proves who they are at the shop, and is one customer from then on.

asked → the shop's signed login brings them back with their name there → a nonce of ours, kept as its hash, goes with
them to LINE → LINE's event brings it back: `finish` joins. Each step is good once and not long.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from helpdesk import i18n
from helpdesk.channels.registry import LINKABLE
from helpdesk.customers import merge, verified
from helpdesk.customers.identify import normalise
from helpdesk.errors import Conflict, HelpdeskError, Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Agent, ChannelAccount, Contact, Customer, Identity, LineLink, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import log, reply, ways
from helpdesk.tickets.letter import written

PURPOSE = "line-link"
ASKED_FOR = timedelta(days=7)
GOOD_FOR = timedelta(minutes=15)  # LINE's token lasts ten
LATE = timedelta(minutes=1)  # clocks differ
KEPT_FOR = timedelta(days=7)


def page_url(seal: Seal, public_url: str, contact: Contact, *, now: datetime) -> str:
    """What the customer is sent; it names them to us and to nobody else."""
    until = int((now + ASKED_FOR).timestamp())
    signature = seal.sign(PURPOSE, f"{contact.key}:{until}", length=26)
    return f"{public_url}/line/link/{contact.key}/{until}-{signature}"


def ask(unit: Unit, ticket: Ticket, *, by: Agent, files: Files, seal: Seal, public_url: str) -> Message:
    """The customer is sent the address of their link, in the ticket's language. Raises Invalid where there is none."""
    way = next((one for one in ways.list_ways(unit, ticket) if one.kind in LINKABLE and one.contact), None)
    if way is None or way.contact is None:
        raise Invalid(lazy("this customer has not written from an account that can be linked"))
    url = page_url(seal, public_url, way.contact, now=unit.now)
    with i18n.using(ticket.language):
        words = _("So that we see your orders when you write here, link this account with yours at our shop:")
    return reply.post(
        unit, ticket, written(f"{words}\n{url}", via=way.key), by=by, files=files, drafted=False
    )


def find_asked(unit: Unit, key: str, given: str, seal: Seal) -> tuple[Contact, ChannelAccount]:
    """Who was sent this address. Raises NotFound for a forged one, Conflict for one that is too old."""
    until, _, signature = given.partition("-")
    genuine = until.isdecimal() and len(signature) == 26 and seal.signed(PURPOSE, f"{key}:{until}", signature)
    contact = unit.session.exec(select(Contact).where(Contact.key == key)).first() if genuine else None
    if contact is None:
        raise NotFound(lazy("this link is not one of ours; open the one in your messages"))
    account = unit.session.get_one(ChannelAccount, contact.account_id)
    if account.kind not in LINKABLE or not account.active:
        raise NotFound(lazy("this account cannot be linked any more"))
    if int(until) < unit.now.timestamp():
        raise Conflict(lazy("this link is too old; ask the shop for a new one"))
    return contact, account


def begin(unit: Unit, contact: Contact, user: str) -> str:
    """The nonce for somebody for whom the shop has just vouched as `user`. Earlier ones of theirs end."""
    unit.session.exec(
        delete(LineLink).where(
            (col(LineLink.contact_id) == contact.pk) & col(LineLink.used_at).is_(None)
            | (col(LineLink.expires_at) < unit.now - KEPT_FOR)
        )
    )
    nonce = secrets.token_urlsafe(32)
    unit.session.add(
        LineLink(
            brand_id=contact.brand_id,
            contact_id=contact.pk,
            user_id=user,
            nonce_hash=_hash(nonce),
            created_at=unit.now,
            expires_at=unit.now + GOOD_FOR,
        )
    )
    return nonce


def finish(unit: Unit, *, account_id: int, kind: str, address: str, nonce: str, at: datetime) -> bool:
    """LINE says that this person came back with the nonce: they are the shop's customer. False if it is not so."""
    contact = unit.session.exec(
        select(Contact)
        .where(Contact.account_id == account_id, Contact.address == address[:320])
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    link = unit.session.exec(
        select(LineLink).where(LineLink.nonce_hash == _hash(nonce)).with_for_update()
    ).first()
    if contact is None or link is None or link.contact_id != contact.pk:
        return False
    if link.used_at is not None or at > link.expires_at + LATE:
        return False
    link.used_at = unit.now
    customer = verified.by_shop_name(unit, contact.brand_id, link.user_id, name=contact.name)
    _let_go(unit, customer, kind, address)
    customer = verified.vouch(unit, customer, kind, address, reason=verified.LINE)
    verified.mark_login(unit, customer, link.user_id)
    unit.session.refresh(contact)
    linked = contact.customer_id == customer.pk
    _tell(unit, contact, kind, customer, linked=linked)
    return linked


def _let_go(unit: Unit, customer: Customer, kind: str, address: str) -> None:
    """Linked with another account of the shop before: the newest link counts."""
    known = unit.session.exec(
        select(Identity).where(
            Identity.brand_id == customer.brand_id,
            Identity.kind == kind,
            Identity.value == normalise(kind, address),
        )
    ).first()
    if known is None or known.customer_id == customer.pk:
        return
    holder = unit.session.get_one(Customer, known.customer_id)
    link = verified.find_link(unit, holder, known)
    if link is None or link.reason != verified.LINE:
        return
    try:
        merge.undo(unit, link, by=None)
    except HelpdeskError:  # too long ago: it stays where it is
        return
    unit.session.expire_all()


def _tell(unit: Unit, contact: Contact, kind: str, customer: Customer, *, linked: bool) -> None:
    if contact.ticket_id:
        ticket = unit.session.get_one(Ticket, contact.ticket_id)
        log.write(unit, ticket, "account_linked" if linked else "account_not_linked", channel=kind)
    unit.tell("contact_changed", contact.brand_id, customer=customer.pk)


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()

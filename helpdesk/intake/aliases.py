"""People whom a provider calls by two names, one that lasts and their number: whichever it tells, they are the same."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.channels.protocol import Person
from helpdesk.customers import verified
from helpdesk.customers.identify import find_customer
from helpdesk.intake.prepare import Prepared
from helpdesk.models import Contact
from helpdesk.social import contacts
from helpdesk.store.db import Unit


def known_as(unit: Unit, prepared: Prepared) -> Person:
    """The writer, under the name that their contact has or gets: the lasting one as soon as it is told."""
    who, account_id = prepared.incoming.author, prepared.account_id
    lasting, number = _names(prepared)
    if contacts.find(unit, account_id, who.address):
        return who
    if lasting and who.address == lasting and (before := contacts.find(unit, account_id, number)):
        before.address = lasting[:320]
        verified.vouch(
            unit, contacts.get_customer(unit, before), prepared.kind, lasting, reason=verified.NUMBER
        )
        unit.session.flush()
    elif not lasting and who.address == number and (found := _by_number(unit, prepared, number)):
        return Person(who.name, found.address)
    return who


def learn(unit: Unit, prepared: Prepared, contact: Contact) -> None:
    """Both came in one call that the provider signed."""
    lasting, number = _names(prepared)
    if not lasting or not number or contact.also.get("phone") == number:
        return
    customer = contacts.get_customer(unit, contact)
    customer = verified.vouch(unit, customer, prepared.kind, number, reason=verified.NUMBER)
    verified.wrote_first(unit, customer, prepared.kind, number)


def _by_number(unit: Unit, prepared: Prepared, number: str) -> Contact | None:
    customer = find_customer(unit, prepared.brand_id, prepared.kind, number)
    if customer is None:
        return None
    theirs = select(Contact).where(
        col(Contact.account_id) == prepared.account_id, col(Contact.customer_id) == customer.pk
    )
    return next((one for one in unit.session.exec(theirs) if one.also.get("phone") == number), None)


def _names(prepared: Prepared) -> tuple[str, str]:
    content = prepared.incoming.content
    return str(content.get("user_id") or ""), str(content.get("phone") or "")

"""Conversations on social channels as rows: an account, who wrote there, and the ticket that it became."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from helpdesk.customers.identify import identify
from helpdesk.models import Brand, ChannelAccount, Contact, Customer, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets.open import open_ticket
from tests.helpdesk.desk import add_message

_numbers = count(1)


def add_account(database: Database, brand: Brand, kind: str, **given: Any) -> ChannelAccount:
    with database.write() as unit:
        values: dict[str, Any] = {"address": f"{kind}-{next(_numbers)}", "name": "青葉商店"}
        account = ChannelAccount(brand_id=brand.pk, kind=kind, created_at=unit.now, **(values | given))
        unit.session.add(account)
        unit.session.flush()
    return account


def add_contact(
    database: Database,
    account: ChannelAccount,
    *,
    customer: Customer | None = None,
    ago: float = 5,
    **given: Any,
) -> Contact:
    """Somebody who wrote so many minutes ago."""
    with database.write() as unit:
        address = str(given.pop("address", f"{account.kind}-user-{next(_numbers)}"))
        who = customer or identify(unit, account.brand_id, account.kind, address, name="山田 花子")
        values: dict[str, Any] = {"name": "はなこ", "acted_at": unit.now - timedelta(minutes=ago)}
        contact = Contact(
            brand_id=account.brand_id,
            account_id=account.pk,
            address=address,
            customer_id=who.pk,
            created_at=unit.now,
            **(values | given),
        )
        unit.session.add(contact)
        unit.session.flush()
    return contact


def add_talk(
    database: Database,
    brand: Brand,
    kind: str,
    *,
    ago: float = 5,
    text: str = "荷物が届きません。",
    **given: Any,
) -> tuple[Ticket, Contact]:
    """A ticket whose customer wrote so many minutes ago on a new account of that kind."""
    account = add_account(database, brand, kind)
    contact = add_contact(database, account, ago=ago, **given)
    with database.write() as unit:
        ticket = open_ticket(
            unit,
            unit.session.get_one(Brand, brand.pk),
            unit.session.get_one(Customer, contact.customer_id),
            channel=kind,
            account_id=account.pk,
            subject=text,
            language="ja",
        )
        unit.session.get_one(Contact, contact.pk).ticket_id = ticket.pk
    sender = {"name": contact.name, "address": contact.address}
    add_message(database, ticket, text, ago=ago, channel=kind, account_id=account.pk, sender=sender)
    return ticket, contact

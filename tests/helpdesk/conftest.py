"""A mailbox, a customer with a ticket, and mail to throw at the intake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import classifiers
from helpdesk.customers.identify import identify
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake, Outcome
from helpdesk.models import Brand, ChannelAccount, Customer, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import tag
from tests.helpdesk.stories import mail, only

Deliver = Callable[..., Outcome]


@pytest.fixture
def account(database: Database, brand: Brand) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(
            brand_id=brand.pk,
            kind="email",
            address="support@aoba.example",
            name="青葉商店",
            created_at=unit.now,
        )
        unit.session.add(account)
        tag.ensure_tags(unit, brand)
        unit.session.flush()
    return account


@pytest.fixture
def intake(database: Database, files: Files, seal: Seal) -> Intake:
    return Intake(database, files, seal, classifiers.builtin())


@pytest.fixture
def deliver(database: Database, account: ChannelAccount, intake: Intake) -> Deliver:
    """deliver(text, subject=…, sender=…, **headers) journals and processes one mail; returns the outcome."""

    def deliver(text: str = "荷物が届きません。", *, raw: bytes | None = None, **headers: str) -> Outcome:
        raw = raw if raw is not None else mail(text, **headers)
        with database.write() as unit:
            event = journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), raw)
        return intake.process(event.pk) if event else Outcome.DUPLICATE

    return deliver


@pytest.fixture
def customer(database: Database, brand: Brand) -> Customer:
    with database.write() as unit:
        return identify(unit, brand.pk, "email", "hanako@example.jp", name="山田 花子", language="ja")


@pytest.fixture
def ticket(database: Database, deliver: Deliver, customer: Customer) -> Ticket:
    """One open ticket of `customer`, made by a mail with the id first@example.jp."""
    assert deliver(message_id="<first@example.jp>") is Outcome.IMPORTED
    return only(database, Ticket)

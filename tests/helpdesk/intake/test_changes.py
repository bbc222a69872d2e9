"""What happens to messages and their writers, as the agents' pages tell it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.channels.incoming import Change, What
from helpdesk.channels.protocol import Person
from helpdesk.inbox.eventline import lines
from helpdesk.intake import changes
from helpdesk.intake.prepare import PreparedChange
from helpdesk.models import Brand, ChannelAccount, Contact, Event, Message, MessageName, Ticket
from helpdesk.social.words import words_of
from helpdesk.store import search
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_ticket
from tests.helpdesk.stories import only, rows


@pytest.fixture
def contact(database: Database, brand: Brand) -> Contact:
    with database.write() as unit:
        account = ChannelAccount(brand_id=brand.pk, kind="line", address="L", created_at=unit.now)
        unit.session.add(account)
    ticket = add_ticket(
        database, brand, channel="line", account_id=account.pk, subject="住所は北1条", preview="住所は北1条"
    )
    with database.write() as unit:
        contact = Contact(
            brand_id=brand.pk,
            account_id=account.pk,
            address="U1",
            customer_id=ticket.customer_id,
            ticket_id=ticket.pk,
            created_at=unit.now,
        )
        unit.session.add(contact)
    return contact


def happen(database: Database, contact: Contact, what: What, minutes: float = 0, **said: Any) -> None:
    with database.write() as unit:
        at = unit.now + timedelta(minutes=minutes)
        change = Change(what, Person("", "U1"), "line", f"{what}{minutes}", at=at, **said)
        prepared = PreparedChange(0, contact.brand_id, contact.account_id, "line", at, change)
        changes.apply(unit, prepared)


def told(database: Database) -> list[str]:
    events = [(one.pk, one.created_at, one.name, one.data, None) for one in rows(database, Event)]
    return [one.text for one in lines(events, {})]


def test_a_customer_who_blocks_us_is_told_of_in_their_ticket_once(
    database: Database, contact: Contact
) -> None:
    happen(database, contact, What.BLOCKED)
    happen(database, contact, What.BLOCKED, 1)
    happen(database, contact, What.CONNECTED, 2)
    assert told(database) == [
        "The customer blocked us on LINE; nothing can be sent there",
        "The customer can be written to on LINE again",
    ]


def say(database: Database, contact: Contact, text: str, **given: Any) -> Message:
    ticket = only(database, Ticket)
    values = {"channel": "line", "account_id": contact.account_id, **given}
    message = add_message(database, ticket, text, **values)
    with database.write() as unit:
        unit.session.add(MessageName(account_id=contact.account_id, name="m1", message_id=message.pk))
        words = words_of(message, text)
        search.put(unit, brand_id=message.brand_id, message_id=message.pk, words=words)
    return message


def test_lists_show_the_corrected_words(database: Database, contact: Contact) -> None:
    say(database, contact, "住所は北1条")
    happen(database, contact, What.EDITED, of=("m1",), text="住所は北2条")
    ticket = only(database, Ticket)
    assert (ticket.preview, ticket.subject) == ("住所は北2条", "住所は北2条")


def test_newer_words_stay_in_lists_when_older_ones_are_corrected(
    database: Database, contact: Contact
) -> None:
    say(database, contact, "こんばんは", ago=9)
    happen(database, contact, What.EDITED, of=("m1",), text="こんばんは。")
    assert only(database, Ticket).preview == "住所は北1条"


def test_a_receipt_ends_the_doubt_about_an_answer(database: Database, contact: Contact) -> None:
    doubt = {"unsure_at": "2026-01-05T00:00:00+00:00"}
    say(database, contact, "はい", direction="out", state="failed", failure="?", marks=doubt)
    happen(database, contact, What.DELIVERED, of=("m1",))
    message = only(database, Message)
    assert (message.state, message.failure) == ("sent", None)
    assert list(message.marks) == ["delivered_at"]

"""Answering on another channel of the same customer: every way is known, and the ticket keeps one timeline."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.customers import merge
from helpdesk.errors import Invalid
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    Contact,
    Customer,
    Delivery,
    Identity,
    Message,
    Ticket,
)
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import reply, ways
from helpdesk.tickets.letter import written
from helpdesk.tickets.ways import Way
from tests.helpdesk.desk import customer_of
from tests.helpdesk.stories import only
from tests.helpdesk.talks import add_account, add_contact, add_talk


def found(database: Database, ticket: Ticket) -> list[Way]:
    with database.read() as unit:
        return ways.list_ways(unit, unit.session.get_one(Ticket, ticket.pk))


def add_identity(database: Database, customer: Customer, kind: str, value: str) -> None:
    with database.write() as unit:
        row = Identity(
            brand_id=customer.brand_id,
            customer_id=customer.pk,
            kind=kind,
            value=value,
            shown=value,
            created_at=unit.now,
        )
        unit.session.add(row)


def answer(database: Database, ticket: Ticket, agent: Agent, files: Files, **given: Any) -> Message:
    with database.write() as unit:
        mine = unit.session.get_one(Ticket, ticket.pk)
        return reply.post(unit, mine, written("お待たせしました。", **given), by=agent, files=files)


def test_every_contact_and_address_of_the_customer_is_a_way(
    database: Database, brand: Brand, account: ChannelAccount
) -> None:
    ticket, contact = add_talk(database, brand, "line")
    customer = customer_of(database, ticket)
    add_contact(database, add_account(database, brand, "whatsapp"), customer=customer, ago=2 * 24 * 60)
    add_contact(database, add_account(database, brand, "messenger"), customer=customer, blocked=True)
    add_identity(database, customer, "email", "hanako@example.jp")
    add_contact(database, add_account(database, brand, "telegram"))  # somebody else
    told = [(one.kind, one.window.mode.value, one.own) for one in found(database, ticket)]
    assert told == [
        ("line", "free", True),
        ("messenger", "closed", False),
        ("whatsapp", "template", False),
        ("email", "free", False),
    ]
    assert found(database, ticket)[0].key == contact.key


def test_a_merged_customer_brings_its_ways_along(database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "line")
    _, other = add_talk(database, brand, "instagram")
    assert [one.kind for one in found(database, ticket)] == ["line"]
    with database.write() as unit:
        source = unit.session.get_one(Customer, other.customer_id)
        merge.merge(unit, source, unit.session.get_one(Customer, ticket.customer_id), by=None)
    assert [one.kind for one in found(database, ticket)] == ["line", "instagram"]


def test_an_answer_goes_to_the_other_account_and_stays_in_the_ticket(
    database: Database, brand: Brand, agent: Agent, files: Files
) -> None:
    ticket, _ = add_talk(database, brand, "line")
    other = add_account(database, brand, "instagram")
    contact = add_contact(database, other, customer=customer_of(database, ticket))
    message = answer(database, ticket, agent, files, via=contact.key)
    assert (message.ticket_id, message.account_id, message.channel) == (ticket.pk, other.pk, "instagram")
    assert message.to == [{"name": contact.name, "address": contact.address}]
    assert only(database, Delivery).account_id == other.pk


def test_a_line_customer_is_answered_by_mail_without_a_thread_that_mail_does_not_know(
    database: Database, brand: Brand, account: ChannelAccount, agent: Agent, files: Files
) -> None:
    ticket, _ = add_talk(database, brand, "line", text="届きません")
    add_identity(database, customer_of(database, ticket), "email", "hanako@example.jp")
    (mail,) = (one for one in found(database, ticket) if one.kind == "email")
    message = answer(database, ticket, agent, files, via=mail.key)
    assert message.account_id == account.pk
    assert [one["address"] for one in message.to] == ["hanako@example.jp"]
    assert (message.in_reply_to, message.references) == (None, [])
    assert message.subject == "Re: 届きません"


def test_a_mail_ticket_is_answered_on_line(
    database: Database, brand: Brand, ticket: Ticket, agent: Agent, files: Files
) -> None:
    line = add_account(database, brand, "line")
    contact = add_contact(database, line, customer=customer_of(database, ticket))
    by_mail = next(one for one in found(database, ticket) if one.own)
    assert (by_mail.kind, by_mail.address) == ("email", "hanako@example.jp")
    message = answer(database, ticket, agent, files, via=contact.key)
    assert (message.channel, message.text) == ("line", "お待たせしました。")  # no signature, no quotation


def test_somebody_elses_account_is_no_way(
    database: Database, brand: Brand, agent: Agent, files: Files
) -> None:
    ticket, _ = add_talk(database, brand, "line")
    _, stranger = add_talk(database, brand, "line")
    with pytest.raises(Invalid, match="not there any more"):
        answer(database, ticket, agent, files, via=stranger.key)


def test_a_number_is_written_to_for_the_first_time(
    database: Database, brand: Brand, ticket: Ticket, agent: Agent, files: Files
) -> None:
    sms = add_account(database, brand, "sms")
    add_identity(database, customer_of(database, ticket), "phone", "+819012345678")
    way = next(one for one in found(database, ticket) if one.kind == "sms")
    answer(database, ticket, agent, files, via=way.key)
    contact = only(database, Contact)
    assert (contact.account_id, contact.address, contact.customer_id) == (
        sms.pk,
        "+819012345678",
        ticket.customer_id,
    )
    assert sum(one.kind == "sms" for one in found(database, ticket)) == 1


def test_a_switched_off_account_is_no_other_way(database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "line")
    off = add_account(database, brand, "telegram", active=False)
    add_contact(database, off, customer=customer_of(database, ticket))
    assert [one.kind for one in found(database, ticket)] == ["line"]


def test_a_disconnected_account_takes_nothing_and_says_so(
    database: Database, brand: Brand, agent: Agent, files: Files
) -> None:
    ticket, contact = add_talk(database, brand, "whatsapp")
    with database.write() as unit:
        account = unit.session.get_one(ChannelAccount, contact.account_id)
        account.active, account.removed_at = False, unit.now
    assert [(one.window.mode.value, one.window.reason) for one in found(database, ticket)] == [
        ("closed", "removed")
    ]
    for given in ({}, {"template": {"key": "k", "values": []}}):
        with pytest.raises(Invalid, match="not connected any more"):
            answer(database, ticket, agent, files, **given)

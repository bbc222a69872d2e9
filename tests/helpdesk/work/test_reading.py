"""What an agent has read is told to providers, once, where the account is set to do so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from helpdesk.models import Brand, ChannelAccount, Contact, Customer, Message, ReadMark, Ticket
from helpdesk.simulate.provider import Provider, Trouble
from helpdesk.social import reading
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.work.reading import Reading
from tests.fakes.serving import serving
from tests.helpdesk.stories import only, rows

Talk = Callable[..., None]


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(made.app) as address:
        made.address = f"http://{address}"  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def talk(
    database: Database, brand: Brand, seal: Seal, ticket: Ticket, customer: Customer, provider: Provider
) -> Talk:
    """The ticket is one of a social channel from now on."""

    def talk(kind: str, **config: Any) -> None:
        with database.write() as unit:
            account = ChannelAccount(
                brand_id=brand.pk,
                kind=kind,
                address="77",
                config={"api_base": provider.address, **config},  # type: ignore[attr-defined]
                secrets=seal.close({"access_token": "T"}),
                created_at=unit.now,
            )
            unit.session.add(account)
            unit.session.flush()
            row = unit.session.get_one(Ticket, ticket.pk)
            row.account_id, row.channel = account.pk, kind
            message = unit.session.get_one(Message, only(database, Message).pk)
            message.account_id, message.external_id, message.content = (
                account.pk,
                "wamid.1",
                {"read_token": "R"},
            )
            unit.session.add(
                Contact(
                    brand_id=brand.pk,
                    account_id=account.pk,
                    address="U1",
                    customer_id=customer.pk,
                    ticket_id=ticket.pk,
                    created_at=unit.now,
                )
            )

    return talk


def look(database: Database) -> None:
    with database.write() as unit:
        reading.seen(unit, unit.session.get_one(Ticket, only(database, Ticket).pk))


def run(database: Database, seal: Seal) -> int:
    return asyncio.run(Reading(database, seal).drain())


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("line", {"markAsReadToken": "R"}),
        ("messenger", {"recipient": {"id": "U1"}, "sender_action": "mark_seen"}),
        ("instagram", {"recipient": {"id": "U1"}, "sender_action": "mark_seen"}),
        ("whatsapp", {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"}),
    ],
)
def test_each_provider_is_told_in_its_own_words(
    database: Database, seal: Seal, talk: Talk, provider: Provider, kind: str, told: dict[str, Any]
) -> None:
    talk(kind, mark_read=True)
    look(database)
    look(database)
    assert run(database, seal) == 1
    assert provider.about.read == [told]
    assert provider.sent == []
    look(database)
    assert run(database, seal) == 0


def test_nothing_is_told_unless_the_account_says_so(database: Database, seal: Seal, talk: Talk) -> None:
    talk("line")
    look(database)
    assert rows(database, ReadMark) == []
    assert run(database, seal) == 0


def test_what_came_meanwhile_is_told_when_it_has_been_read(
    database: Database, seal: Seal, talk: Talk, provider: Provider
) -> None:
    talk("whatsapp", mark_read=True)
    look(database)
    worker = Reading(database, seal)
    (claimed,) = worker._claim()
    with database.write() as unit:
        first = unit.session.get_one(Message, only(database, Message).pk)
        given = first.model_dump(exclude={"id", "key", "external_id", "fingerprint"})
        unit.session.add(Message(**given, external_id="wamid.2", fingerprint="another"))
    look(database)
    asyncio.run(worker._tell(claimed))
    assert run(database, seal) == 1
    assert [one["message_id"] for one in provider.about.read] == ["wamid.1", "wamid.2"]


def test_a_provider_that_refuses_is_not_asked_for_ever(
    database: Database, seal: Seal, talk: Talk, provider: Provider, clock: Any
) -> None:
    talk("line", mark_read=True)
    provider.troubles.append(Trouble("markAsRead", 500, times=99))
    look(database)
    for _turn in range(10):
        run(database, seal)
        clock.advance(hours=1)
    row = only(database, ReadMark)
    assert (row.state, row.attempts) == ("failed", 4)

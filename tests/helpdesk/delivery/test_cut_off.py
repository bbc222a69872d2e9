"""A worker that is killed in the middle of a call, where the provider cannot tell repeats apart."""

from __future__ import annotations

import asyncio

import pytest

from helpdesk.channels.protocol import Account, Outgoing, Parcel, Receipt, Traits
from helpdesk.delivery.retry import retry
from helpdesk.delivery.worker import Courier
from helpdesk.errors import Unavailable
from helpdesk.models import Agent, Brand, Delivery, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.tickets.letter import written
from tests.conftest import StandingClock
from tests.helpdesk.stories import only, rows
from tests.helpdesk.talks import add_talk


class Killed(BaseException):
    """What a process that is killed in the middle of a call looks like from inside."""


class Provider:
    """Takes everything and has no key against repeats; `dies` says how the first call ends."""

    traits = Traits(once=True)

    def __init__(self, dies: BaseException) -> None:
        self.dies: list[BaseException] = [dies]
        self.taken: list[bytes] = []

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        return outgoing.text.encode()

    def open(self, account: Account) -> Provider:
        return self

    async def send(self, parcel: Parcel) -> Receipt:
        self.taken.append(parcel.raw)
        if self.dies:
            raise self.dies.pop()
        return Receipt("m1", accepted=parcel.recipients)

    async def close(self) -> None: ...


@pytest.fixture
def answered(database: Database, brand: Brand, agent: Agent, files: Files) -> Ticket:
    ticket, _ = add_talk(database, brand, "messenger")
    with database.write() as unit:
        mine = unit.session.get_one(Ticket, ticket.pk)
        reply.post(unit, mine, written("はい"), by=agent, files=files)
    return ticket


def out(database: Database) -> Message:
    return next(one for one in rows(database, Message) if one.direction == "out")


def test_what_may_have_been_taken_before_a_crash_is_not_sent_again(
    database: Database, answered: Ticket, files: Files, seal: Seal, settings: Settings, clock: StandingClock
) -> None:
    provider = Provider(Killed())
    with pytest.raises(Killed):
        asyncio.run(Courier(database, files, seal, settings, kinds={"messenger": provider}).drain())
    clock.advance(hours=1)
    after = Courier(database, files, seal, settings, kinds={"messenger": provider})
    asyncio.run(after.drain())
    assert len(provider.taken) == 1
    assert (out(database).state, "unsure_at" in out(database).marks) == ("failed", True)

    with database.write() as unit:  # somebody has looked: it is not there
        retry(unit, unit.session.get_one(Delivery, only(database, Delivery).pk), by=None, looked=True)
    clock.advance(hours=1)
    asyncio.run(after.drain())
    assert len(provider.taken) == 2 and out(database).state == "sent"


def test_a_provider_that_says_no_for_now_is_asked_again(
    database: Database, answered: Ticket, files: Files, seal: Seal, settings: Settings, clock: StandingClock
) -> None:
    provider = Provider(Unavailable("busy"))
    courier = Courier(database, files, seal, settings, kinds={"messenger": provider})
    asyncio.run(courier.drain())
    clock.advance(hours=1)
    asyncio.run(courier.drain())
    assert len(provider.taken) == 2 and out(database).state == "sent"

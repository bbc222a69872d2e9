"""Calls that come together are written down together, and each hears of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from helpdesk.intake.journal import Arrival, Told
from helpdesk.models import Brand, ChannelAccount, InboundEvent
from helpdesk.store.db import Database
from helpdesk.web.door import Door
from tests.helpdesk.stories import rows


@pytest.fixture
def account(database: Database, brand: Brand) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(brand_id=brand.pk, kind="line", address="A", created_at=unit.now)
        unit.session.add(account)
    return account


@pytest.fixture
def door(database: Database) -> Iterator[Door]:
    with closing(Door(database)) as door:
        yield door


def told(account: ChannelAccount, *names: str, **more: Any) -> list[Told]:
    return [Told(account.pk, account.brand_id, [Arrival(b"{}", one) for one in names], **more)]


def test_each_call_hears_how_many_of_its_own_are_new(
    database: Database, door: Door, account: ChannelAccount
) -> None:
    async def go() -> list[list[int]]:
        calls = (told(account, "a", "b"), told(account, "b"), told(account, "c", "c"), told(account))
        return await asyncio.gather(*map(door.take, calls))

    assert asyncio.run(go()) == [[2], [0], [1], [0]]
    assert sorted(one.external_id for one in rows(database, InboundEvent)) == ["a", "b", "c"]
    assert asyncio.run(door.take(told(account, "a"))) == [0]


def test_many_calls_at_once_share_a_commit(database: Database, door: Door, account: ChannelAccount) -> None:
    commits = []
    event.listen(database.engine, "commit", commits.append)

    async def go() -> None:
        await asyncio.gather(*(door.take(told(account, f"n{number}")) for number in range(100)))

    asyncio.run(go())
    assert len(rows(database, InboundEvent)) == 100
    assert len(commits) < 20


def test_a_call_that_cannot_be_kept_spoils_no_other(
    database: Database, door: Door, account: ChannelAccount
) -> None:
    unknown = Told(account.pk, 999_999, [Arrival(b"{}", "x")])

    async def go() -> list[Any]:
        calls = (told(account, "a"), [unknown], told(account, "b"))
        return await asyncio.gather(*map(door.take, calls), return_exceptions=True)

    first, second, third = asyncio.run(go())
    assert (first, third) == ([1], [1])
    assert isinstance(second, Exception)
    assert len(rows(database, InboundEvent)) == 2


def test_without_a_database_nobody_is_told_that_it_is_kept(
    database: Database, door: Door, account: ChannelAccount
) -> None:
    def fail(*_args: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises(OperationalError):
        asyncio.run(door.take(told(account, "a")))
    event.remove(database.engine, "before_cursor_execute", fail)
    assert asyncio.run(door.take(told(account, "a"))) == [1]


def test_who_hangs_up_early_is_kept_all_the_same(
    database: Database, door: Door, account: ChannelAccount
) -> None:
    async def go() -> None:
        task = asyncio.create_task(door.take(told(account, "a")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(go())
    door.close()
    assert len(rows(database, InboundEvent)) == 1


def test_what_is_set_aside_says_why(database: Database, door: Door, account: ChannelAccount) -> None:
    asyncio.run(door.take(told(account, "a", aside="this is no JSON")))
    (kept,) = rows(database, InboundEvent)
    assert (kept.state, kept.reason) == ("quarantined", "this is no JSON")
    assert kept.done_at is not None

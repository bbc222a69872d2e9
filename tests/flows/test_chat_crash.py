"""While visitors talk, servers are killed, the network is cut and the database restarts.

After each of these what was acknowledged is there once and in order, and everybody has heard every answer.
HELPDESK_CHAT_CRASH_N=40 lets each visitor say so much; without it the numbers are small.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.models import Agent, Brand
from helpdesk.people import accounts
from helpdesk.store import migrate
from helpdesk.store.db import Database, utc_now
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests.fakes import tap
from tests.flows.chat_load import Server, Story, begin
from tests.postgres import Cluster, find_binaries

piped = contextmanager(tap.start)
StoryOf = Callable[..., Story]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With the real clock: the servers are other processes."""
    database = Database(database_url, clock=utc_now)
    yield database
    database.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """start(url) -> a server that answers; killed at the end."""
    servers: list[Server] = []

    def start(url: str) -> Server:
        servers.append(Server(tmp_path, url))
        servers[-1].start()
        servers[-1].wait()
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def story_of(database: Database, brand: Brand, agent: Agent, files: Files, seal: Seal) -> StoryOf:
    """story_of(server, …) -> visitors and an agent who talk over these servers."""
    return lambda *servers: begin(database, brand, agent, files, seal, [one.port for one in servers])


def test_killed_servers_lose_nothing(
    database_url: str, start: Callable[[str], Server], story_of: StoryOf
) -> None:
    server = start(database_url)
    story = story_of(server)

    async def kill() -> None:
        await asyncio.to_thread(server.kill)
        server.start()

    asyncio.run(story.tell(kill, kill, kill))
    story.assert_once_and_in_order()
    print(f"{story}, 3 kills")


def test_a_network_that_is_cut_for_half_of_the_visitors_loses_nothing(
    database_url: str, start: Callable[[str], Server], story_of: StoryOf
) -> None:
    server = start(database_url)
    with piped(server.port) as pipe, piped(server.port) as mute:
        story = story_of(server)
        for talker in story.talkers[::2]:
            talker.ports = [pipe.port]
        for talker in story.talkers[::4]:
            talker.ports = [mute.port, server.port]  # the second time by another road

        async def cut() -> None:
            await asyncio.to_thread(pipe.cut)

        async def silence() -> None:
            mute.silence()

        asyncio.run(story.tell(cut, silence, cut))
    story.assert_once_and_in_order()
    assert sum(talker.sessions > 1 for talker in story.talkers) >= len(story.talkers) // 2
    print(story)


@pytest.mark.postgres
def test_two_servers_on_one_database_lose_nothing_though_one_is_killed(
    database: Database, database_url: str, start: Callable[[str], Server], story_of: StoryOf
) -> None:
    """Visitors go to the other one when theirs is gone; answers are written by a third process."""
    if database.sqlite:
        pytest.skip("on SQLite one process serves the web")
    one, other = start(database_url), start(database_url)
    story = story_of(one, other)

    async def nothing() -> None:
        await asyncio.sleep(0)

    async def kill() -> None:
        await asyncio.to_thread(one.kill)
        one.start()

    asyncio.run(story.tell(nothing, kill))
    story.assert_once_and_in_order()
    print(story)


@pytest.mark.postgres
def test_a_database_that_restarts_loses_nothing(
    database_url: str, files: Files, seal: Seal, start: Callable[[str], Server]
) -> None:
    binaries = find_binaries()
    if database_url.startswith("sqlite") or binaries is None:
        pytest.skip("needs PostgreSQL's server")
    cluster = Cluster.start(binaries, durable=True)
    try:
        url = cluster.url("template")
        database = Database(url)
        migrate.upgrade(database)
        brand, agent = _people(database)
        server = start(url)
        story = begin(database, brand, agent, files, seal, [server.port])

        async def restart() -> None:
            await asyncio.to_thread(cluster.restart, "fast")

        async def crash() -> None:
            await asyncio.to_thread(cluster.restart, "immediate")

        asyncio.run(story.tell(restart, crash))
        story.assert_once_and_in_order()
        print(story)
        server.kill()
        database.close()
    finally:
        cluster.stop()


def _people(database: Database) -> tuple[Brand, Agent]:
    with database.write() as unit:
        brand = Brand(name="青葉商店", created_at=unit.now)
        unit.session.add(brand)
        unit.session.flush()
        agent = accounts.create_agent(
            unit, email="misaki@example.com", name="Misaki Takahashi", brand_ids=[brand.pk]
        )
    return brand, agent

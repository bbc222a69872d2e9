"""Who has a window open is known soon, written seldom, and reloading is not leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from websockets.sync.client import ClientConnection, connect

from helpdesk.models import Agent, Brand
from helpdesk.people import sign_in
from helpdesk.store.db import Database
from helpdesk.web import attendance
from helpdesk.web.attendance import NOTED_FOR, TURNS_PAGES, Book
from tests.conftest import StandingClock
from tests.fakes.serving import PATIENCE, serving
from tests.fakes.waiting import until
from tests.helpdesk.desk import add_ticket


def test_who_is_here_is_noted_when_they_come_and_then_twice_a_minute() -> None:
    book = Book()
    times = []
    for second in range(100):
        heard, left = book.due({1}, second)
        assert not left
        if heard:
            times.append(second)
            book.write(heard, left, second)
    assert times == [0, 30, 60, 90]


def test_turning_a_page_is_not_leaving_and_going_is_noted_once() -> None:
    book = Book()
    book.write({1}, (), 0)
    assert book.due(set(), 1) == (set(), set())
    assert book.due({1}, 3) == (set(), set())
    assert book.due(set(), 4) == (set(), set())
    assert book.due(set(), 4 + TURNS_PAGES) == (set(), {1})
    book.write((), {1}, 4 + TURNS_PAGES)
    assert book.due(set(), 500) == (set(), set())
    assert book.due({1}, 501) == ({1}, set())


def test_what_could_not_be_written_is_due_again() -> None:
    book = Book()
    assert book.due({1, 2}, 0) == ({1, 2}, set())
    book.write({1}, (), 0)
    assert book.due({1, 2}, 1) == ({2}, set())
    assert book.due({1, 2}, NOTED_FOR) == ({1, 2}, set())


@pytest.fixture
def host(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(attendance, "EVERY", 0.02)
    monkeypatch.setattr(attendance, "TURNS_PAGES", 0.1)
    with serving(app) as address:
        yield address


@pytest.fixture
def open_line(host: str, database: Database, agent: Agent) -> Callable[[], ClientConnection]:
    with database.write() as unit:
        cookie = sign_in.start(unit, agent, user_agent="tests", days=1)
    headers = {"Cookie": f"helpdesk={cookie}", "Origin": f"http://{host}"}
    return lambda: connect(f"ws://{host}/live", additional_headers=headers, proxy=None)


def agent_of(database: Database, agent: Agent) -> Agent:
    with database.read() as unit:
        return unit.session.get_one(Agent, agent.pk)


def test_the_first_window_brings_the_chats_that_wait_and_the_last_one_is_noted(
    open_line: Callable[[], ClientConnection],
    database: Database,
    clock: StandingClock,
    brand: Brand,
    agent: Agent,
) -> None:
    chat = add_ticket(database, brand, channel="chat")
    with open_line() as first:
        first.recv(timeout=PATIENCE)
        assert agent_of(database, agent).present_at == clock.now
        with database.read() as unit:
            assert unit.session.get_one(type(chat), chat.pk).assignee_id == agent.pk
        with open_line() as second:
            second.recv(timeout=PATIENCE)
        clock.advance(minutes=1)
    until(lambda: agent_of(database, agent).left_at)
    assert agent_of(database, agent).left_at == clock.now
    clock.advance(minutes=1)
    with open_line() as again:
        again.recv(timeout=PATIENCE)
        found = agent_of(database, agent)
        assert (found.present_at, found.left_at) == (clock.now, None)

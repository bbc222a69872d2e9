"""Visitor and agent at the two ends of a chat, in one process or in two."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from helpdesk.app import build, make_parts
from helpdesk.models import Agent, ChannelAccount, Ticket
from helpdesk.people.passwords import Passwords
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import reply
from helpdesk.work.runner import assemble
from helpdesk.work.schedule import Parts as Work
from tests.conftest import StandingClock
from tests.fakes.waiting import until
from tests.helpdesk.chat.desk import Open, Window, rows, serving
from tests.helpdesk.web.test_live import connect, hear_of, sign_in_of


def test_a_restart_closes_with_1012(app: Starlette, widget: ChannelAccount, settings: Settings) -> None:
    with serving(app) as host:
        window = Window(host, widget.address)
        window.write("k1", "hello")
    assert window.closed_with() == 1012


def test_the_visitor_of_another_process_hears_the_answer(
    settings: Settings,
    database_url: str,
    clock: StandingClock,
    passwords: Passwords,
    open_window: Open,
    database: Database,
    agent: Agent,
    files: Files,
) -> None:
    """The answer is written by a process without windows; the visitor's own process finds it."""
    window = open_window()
    window.write("k1", "hello")
    other = Database(settings.url, clock=clock)
    parts = make_parts(settings, clock=clock, database=other, passwords=passwords)
    assert parts.model
    work = assemble(other, parts.files, parts.seal, settings, parts.model)
    work.intake.drain()
    with other.write() as unit:
        ticket = unit.session.get_one(Ticket, 1)
        reply.send(unit, ticket, by=agent, body="from elsewhere", files=files)
    asyncio.run(work.courier.drain())
    assert window.hear("message")["text"] == "from elsewhere"
    other.close()


def test_the_agent_sees_the_visitor_and_the_visitor_the_agent(
    open_window: Open, host: str, database: Database, agent: Agent, work: Work, browser: Callable[..., Any]
) -> None:
    window = open_window(title="Tea", referrer="https://search.example/")
    window.write("k1", "hello")
    work.intake.drain()
    (ticket,) = rows(database, Ticket)
    headers = {"Cookie": f"helpdesk={sign_in_of(database, agent)}", "Origin": f"http://{host}"}
    with connect(f"ws://{host}/live", additional_headers=headers, proxy=None) as line:
        line.send(f'{{"at":{{"{ticket.key}":"typing"}}}}')
        assert window.hear("read")["seq"] == 1
        assert window.hear("typing")["from"]["name"] == agent.name
        window.say({"type": "typing", "text": "I am still"})
        seen = hear_of(line, "visitor")
        while not seen["visitor"].get("typing"):
            seen = hear_of(line, "visitor")
        assert seen["visitor"]["preview"] == "I am still"
        assert seen["visitor"]["page"] == "https://shop.example/tea"
        until(lambda: open_window().welcome["agents_online"] == 1)
    card = browser(agent).get(f"/tickets/{ticket.key}/visitor").json()
    assert (card["title"], card["referrer"], card["online"]) == ("Tea", "https://search.example/", True)


def test_an_agent_answers_in_the_composer_while_the_visitor_writes_on(
    open_window: Open, database: Database, work: Work, client: Any
) -> None:
    window = open_window()
    window.write("k1", "hello")
    work.intake.drain()
    (ticket,) = rows(database, Ticket)
    page = client.get(f"/tickets/{ticket.key}")
    assert page.status_code == 200
    window.write("k2", "are you there?")
    work.intake.drain()
    sent = client.post(f"/tickets/{ticket.key}/reply", data={"body": "Yes, I am.", "seen": "1"})
    assert sent.status_code in (200, 303)
    asyncio.run(work.courier.drain())
    assert window.hear("message")["text"] == "Yes, I am."
    assert client.get(f"/tickets/{ticket.key}").status_code == 200
    with database.write() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).status == "pending"


@pytest.mark.postgres
def test_visitor_and_agent_meet_though_each_is_in_another_process(
    settings: Settings,
    clock: StandingClock,
    passwords: Passwords,
    open_window: Open,
    database: Database,
    agent: Agent,
    work: Work,
) -> None:
    if database.sqlite:
        pytest.skip("on SQLite one process serves the web")

    window = open_window()
    window.write("k1", "hello")
    work.intake.drain()
    (ticket,) = rows(database, Ticket)
    other = Database(settings.url, clock=clock)
    parts = make_parts(settings, clock=clock, database=other, passwords=passwords)
    with serving(build(settings, work=False, parts=parts)) as elsewhere:
        headers = {"Cookie": f"helpdesk={sign_in_of(database, agent)}", "Origin": f"http://{elsewhere}"}
        with connect(f"ws://{elsewhere}/live", additional_headers=headers, proxy=None) as line:
            line.send(f'{{"at":{{"{ticket.key}":"typing"}}}}')
            assert window.hear("typing")["from"]["name"] == agent.name
            window.say({"type": "typing", "text": "from afar"})
            assert hear_of(line, "visitor")["visitor"]["preview"] == "from afar"
            until(lambda: open_window().welcome["agents_online"] == 1)
            window.write("k2", "do you hear me?")
            work.intake.drain()
            assert hear_of(line, "message_received")["ticket"] == ticket.key
    other.close()

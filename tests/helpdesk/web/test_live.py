"""The socket over a real server: who hears what, and when it ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from helpdesk.app import build, make_parts
from helpdesk.models import Agent, Brand
from helpdesk.people import accounts, sign_in
from helpdesk.people.passwords import Passwords
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.web import live
from tests.fakes.serving import PATIENCE, serving
from tests.fakes.waiting import until
from tests.helpdesk.desk import add_ticket

Open = Callable[..., ClientConnection]


@pytest.fixture
def host(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(live, "LOOKS_UP", 0.1)
    monkeypatch.setattr(live, "REACH_EVERY", 1)
    with serving(app) as address:
        yield address


@pytest.fixture
def open_line(host: str, database: Database) -> Iterator[Open]:
    """open_line(agent, after="") -> an open socket of that agent; its greeting has been read."""
    lines = ExitStack()

    def open_one(
        who: Agent | None, *, after: str = "", origin: str = "", token: str = "", greeted: bool = True
    ) -> ClientConnection:
        cookie = token or (sign_in_of(database, who) if who else "")
        headers = {"Cookie": f"helpdesk={cookie}", "Origin": origin or f"http://{host}"}
        line = lines.enter_context(
            connect(f"ws://{host}/live?after={after}", additional_headers=headers, proxy=None)
        )
        if greeted:
            assert hear(line)[0]["name"] == "hello"
        return line

    with lines:
        yield open_one


def sign_in_of(database: Database, agent: Agent) -> str:
    with database.write() as unit:
        return sign_in.start(unit, agent, user_agent="tests", days=1)


def hear(line: ClientConnection) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(line.recv(timeout=PATIENCE))
    return found


def hear_of(line: ClientConnection, name: str) -> dict[str, Any]:
    """The next fact of this name; others before it are passed over."""
    while True:
        for fact in hear(line):
            if fact["name"] == name:
                return fact


def tell(database: Database, brand: Brand, name: str, **ids: int) -> None:
    with database.write() as unit:
        unit.tell(name, brand.pk, **ids)


def closed_with(line: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed):
        while True:
            line.recv(timeout=PATIENCE)
    assert line.close_code is not None
    return line.close_code


def test_an_agent_hears_of_their_brands_alone_in_order(
    open_line: Open, database: Database, brand: Brand, other_brand: Brand, agent: Agent
) -> None:
    line = open_line(agent)
    mine, foreign = add_ticket(database, brand), add_ticket(database, other_brand)
    tell(database, other_brand, "ticket_closed", ticket=foreign.pk)
    tell(database, brand, "ticket_closed", ticket=mine.pk)
    fact = hear_of(line, "ticket_closed")
    assert fact["ticket"] == mine.key
    tell(database, brand, "ticket_reopened", ticket=mine.pk)
    later = hear_of(line, "ticket_reopened")
    assert later["seq"] > fact["seq"]


def test_after_a_break_the_missed_facts_come_first(
    open_line: Open, app: Starlette, database: Database, brand: Brand, agent: Agent
) -> None:
    ticket = add_ticket(database, brand)
    line = open_line(agent)
    tell(database, brand, "ticket_closed", ticket=ticket.pk)
    seen = hear_of(line, "ticket_closed")["seq"]
    witness = open_line(agent)
    line.close()
    tell(database, brand, "ticket_reopened", ticket=ticket.pk)
    hear_of(witness, "ticket_reopened")
    epoch = app.state.parts.live.hub.epoch
    assert hear_of(open_line(agent, after=f"{epoch}.{seen}"), "ticket_reopened")["seq"] == seen + 1
    assert hear_of(open_line(agent, after=f"another.{seen}"), "reload") == {"name": "reload"}


def test_without_a_sign_in_the_line_is_closed(open_line: Open) -> None:
    assert closed_with(open_line(None, greeted=False)) == live.SIGNED_OUT
    assert closed_with(open_line(None, token="forged", greeted=False)) == live.SIGNED_OUT


def test_signing_out_closes_the_line_and_no_other(
    open_line: Open, database: Database, brand: Brand, agent: Agent
) -> None:
    token = sign_in_of(database, agent)
    line, other = open_line(None, token=token), open_line(agent)
    with database.write() as unit:
        sign_in.end(unit, token)
    assert closed_with(line) == live.SIGNED_OUT
    tell(database, brand, "ticket_closed", ticket=add_ticket(database, brand).pk)
    hear_of(other, "ticket_closed")


def test_a_switched_off_account_hears_nothing_more(
    open_line: Open, database: Database, agent: Agent, brand: Brand
) -> None:
    line = open_line(agent)
    with database.write() as unit:
        found = accounts.get_by_id(unit, agent.pk)
        accounts.change_agent(
            unit, found, name=found.name, role=found.role, active=False, brand_ids=[brand.pk]
        )
    assert closed_with(line) == live.SIGNED_OUT


def test_a_brand_taken_away_is_heard_no_more(
    open_line: Open, app: Starlette, database: Database, agent: Agent, brand: Brand, other_brand: Brand
) -> None:
    line = open_line(agent)
    with database.write() as unit:
        accounts.set_brands(unit, agent, [other_brand.pk])
    (subscriber,) = app.state.parts.live.hub.subscribers
    until(lambda: subscriber.access.brand_ids == (other_brand.pk,))
    tell(database, brand, "ticket_closed", ticket=add_ticket(database, brand).pk)
    tell(database, other_brand, "ticket_opened", ticket=add_ticket(database, other_brand).pk)
    names = [fact["name"] for fact in hear(line)]
    assert names == ["ticket_opened"]


def test_another_site_opens_no_line(open_line: Open, agent: Agent) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        open_line(agent, origin="https://evil.example")
    assert refusal.value.response.status_code == 403


def test_presence_is_shown_to_colleagues_of_the_brand_and_ends_with_the_window(
    open_line: Open,
    database: Database,
    brand: Brand,
    other_brand: Brand,
    agent: Agent,
    lead: Agent,
    make_agent: Callable[..., Agent],
) -> None:
    ticket = add_ticket(database, brand)
    writer, colleague = open_line(agent), open_line(lead)
    stranger = open_line(make_agent("Sam Stranger", brand_ids=[other_brand.pk]))
    stranger.send(json.dumps({"at": {ticket.key: "viewing"}}))
    writer.send(json.dumps({"at": {ticket.key: "typing"}}))
    seen = hear_of(colleague, "presence")
    assert seen["ticket"] == ticket.key
    assert seen["who"] == [{"agent": agent.key, "name": agent.name, "state": "typing"}]
    assert hear_of(open_line(lead), "presence")["who"] == seen["who"]
    writer.close()
    assert hear_of(colleague, "presence")["who"] == []
    tell(database, other_brand, "ticket_closed", ticket=add_ticket(database, other_brand).pk)
    assert [fact["name"] for fact in hear(stranger)] == ["ticket_closed"]


@pytest.mark.parametrize(
    "words", ["", "{", "[]", '{"at": 4}', '{"at": {"x": 4}}', "9" * 5000, '{"at": {"unknown": "typing"}}']
)
def test_senseless_words_of_a_window_do_no_harm(
    words: str, open_line: Open, database: Database, brand: Brand, agent: Agent
) -> None:
    line = open_line(agent)
    line.send(words)
    line.send(b"\x00\x01")
    tell(database, brand, "ticket_closed", ticket=add_ticket(database, brand).pk)
    hear_of(line, "ticket_closed")


def test_a_line_outlives_a_database_that_is_away(
    open_line: Open, agent: Agent, database: Database, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, key, asked = open_line(agent), add_ticket(database, brand).key, threading.Event()

    def lost(*_given: object) -> dict[str, int]:
        asked.set()
        raise OperationalError("SELECT 1", {}, Exception("the server went away"))

    with monkeypatch.context() as broken:
        broken.setattr(live, "_brands_of", lost)
        line.send(json.dumps({"at": {key: "viewing"}}))
        assert asked.wait(PATIENCE)
    line.send(json.dumps({"at": {key: "viewing"}}))
    assert hear_of(line, "presence")["ticket"] == key


def test_a_stopping_server_says_that_it_comes_back(app: Starlette, database: Database, agent: Agent) -> None:
    with ExitStack() as lines:
        with serving(app) as host:
            headers = {"Cookie": f"helpdesk={sign_in_of(database, agent)}", "Origin": f"http://{host}"}
            line = lines.enter_context(connect(f"ws://{host}/live", additional_headers=headers, proxy=None))
            hear(line)
        assert closed_with(line) == 1012


def test_processes_on_one_postgresql_share_facts_and_presence(
    open_line: Open,
    settings: Settings,
    database: Database,
    passwords: Passwords,
    brand: Brand,
    agent: Agent,
    lead: Agent,
) -> None:
    if database.sqlite:
        pytest.skip("this is PostgreSQL's way; run with --db postgres")
    ticket = add_ticket(database, brand)
    here = open_line(agent)
    elsewhere = Database(database.url, clock=database.clock)
    parts = make_parts(settings, clock=database.clock, database=elsewhere, passwords=passwords)
    with serving(build(settings, work=False, parts=parts)) as host:
        headers = {"Cookie": f"helpdesk={sign_in_of(database, lead)}", "Origin": f"http://{host}"}
        with connect(f"ws://{host}/live", additional_headers=headers, proxy=None) as there:
            assert hear(there)[0]["name"] == "hello"
            there.send(json.dumps({"at": {ticket.key: "typing"}}))
            assert hear_of(here, "presence")["who"] == [
                {"agent": lead.key, "name": lead.name, "state": "typing"}
            ]
            tell(elsewhere, brand, "ticket_closed", ticket=ticket.pk)
            assert hear_of(here, "ticket_closed")["ticket"] == ticket.key
            assert hear_of(there, "ticket_closed")["ticket"] == ticket.key
            tell(database, brand, "ticket_reopened", ticket=ticket.pk)
            assert hear_of(there, "ticket_reopened")["ticket"] == ticket.key
        assert hear_of(here, "presence")["who"] == []
    elsewhere.close()

"""Who a chat's visitor is, as agents read it: a name, a page, what they agreed to; nothing that is not for people."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk import i18n
from helpdesk.models import Agent, Event, Message, Ticket, Visitor
from helpdesk.store.db import Database

PART = {"hx-request": "true"}
Chat = Callable[..., Ticket]


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as unit:
        return list(unit.session.exec(select(table).order_by(table.id)))


@pytest.mark.parametrize(("language", "name"), [("en", "Visitor"), ("ja", "訪問者")])
def test_a_nameless_visitor_has_a_name_that_people_can_say(
    client: TestClient, chat: Chat, agent: Agent, database: Database, language: str, name: str
) -> None:
    ticket = chat("Hello", to=agent)
    (visitor,) = rows(database, Visitor)
    with database.write() as unit:
        unit.session.get_one(Agent, agent.pk).language = language
    with i18n.using(language):
        said = i18n.gettext("Visitor %(code)s", code="")
    pages = [client.get(path).text for path in ("/", f"/tickets/{ticket.key}", "/chats", "/customers")]
    pages.append(client.get(f"/tickets/{ticket.key}/panel", headers=PART).text)
    for html in pages:
        assert re.search(f"{said.strip()} ?[0-9B-Z]{{4}}", html), (name, html[:300])
        assert visitor.key not in re.sub(r'"[^"]*"', "", html)


def test_consent_is_told_in_words_and_stands_in_no_message(
    client: TestClient, chat: Chat, agent: Agent, database: Database
) -> None:
    ticket = chat("Hello", to=agent, consent="yes")
    (message,) = rows(database, Message)
    assert message.text == "Hello"
    assert [one.name for one in rows(database, Event)].count("consented") == 1
    html = client.get(f"/tickets/{ticket.key}").text
    assert "agreed that what they write is stored" in html
    assert "consent: yes" not in html


def test_the_page_of_a_chat_has_its_visitors_line_and_no_address_lines(
    client: TestClient, chat: Chat, agent: Agent
) -> None:
    ticket = chat("Hello", to=agent, referrer="https://search.example/?q=tea", email="anna@example.com")
    html = client.get(f"/tickets/{ticket.key}").text
    assert 'href="https://shop.example/tea"' in html
    assert "came from search.example" in html
    assert "anna@example.com" in html
    assert "data-addressed" not in html
    line = client.get(f"/tickets/{ticket.key}/visitor", headers=PART).text
    assert f'data-visitor="{ticket.key}"' in line


def test_a_page_that_is_no_address_is_never_a_link(
    client: TestClient, chat: Chat, agent: Agent, database: Database
) -> None:
    ticket = chat("Hello", to=agent)
    with database.write() as unit:
        visitor = unit.session.exec(select(Visitor)).one()
        visitor.page, visitor.referrer = "javascript:alert(1)", "data:text/html,x"
    for path in (f"/tickets/{ticket.key}", "/chats"):
        html = client.get(path).text
        assert "javascript:alert" not in html
        assert "data:text/html" not in html

"""An agent's live chats side by side: which stand there, what is said in them, and what the visitor gets of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

from sqlmodel import col, select
from starlette.testclient import TestClient

from helpdesk.models import (
    Agent,
    Brand,
    ChatLine,
    Message,
    Notification,
    Status,
    Ticket,
    TicketSeen,
)
from helpdesk.people.notify import ASSIGNED, notify
from helpdesk.store.db import Database
from helpdesk.tickets import assign
from helpdesk.work.schedule import Parts as Work
from tests.conftest import StandingClock
from tests.helpdesk.help.desk import tell
from tests.helpdesk.web.agent.test_queries import MOST, counted

SCRIPT = {"accept": "application/json"}
PART = {"hx-request": "true"}
Chat = Callable[..., Ticket]


def deliver(work: Work) -> None:
    while asyncio.run(work.courier.drain()):
        pass


def names(html: str) -> list[str]:
    return re.findall(r'data-name="([^"]*)"', html)


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as unit:
        return list(unit.session.exec(select(table).order_by(table.id)))


def again(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


def test_my_live_chats_stand_side_by_side_and_nobody_elses(
    client: TestClient, chat: Chat, agent: Agent, lead: Agent
) -> None:
    chat("Is the tea organic?", to=agent, who="1", name="Anna")
    chat("Where is my parcel?", to=agent, who="2", name="Ben")
    chat("Hello there", to=lead, who="3", name="Cleo")
    html = client.get("/chats").text
    assert names(html) == ["Anna", "Ben"]
    assert "Is the tea organic?" in html
    assert "Hello there" not in html


def test_a_chat_leaves_when_its_answered_visitor_is_gone_unless_words_were_left_unsent(
    client: TestClient, chat: Chat, agent: Agent, clock: StandingClock
) -> None:
    ticket = chat("Is the tea organic?", to=agent, name="Anna")
    client.post(f"/chats/{ticket.key}/messages", data={"body": "It is."}, headers=SCRIPT)
    clock.advance(minutes=9)
    assert names(client.get("/chats").text) == ["Anna"]
    clock.advance(minutes=2)
    assert names(client.get("/chats").text) == []
    draft = {"revision": 0, "content": {"text": "And it is"}}
    client.put(f"/tickets/{ticket.key}/draft/reply", json=draft)
    page = client.get("/chats").text
    assert names(page) == ["Anna"]
    assert "And it is</textarea>" in page


def test_four_chats_cost_no_more_statements_than_one(
    client: TestClient, chat: Chat, agent: Agent, database: Database
) -> None:
    for who in "1234":
        chat(f"Question {who}", to=agent, who=who)
        chat(f"And {who} more", who=who)
    client.get("/chats")  # what is read now is marked as seen
    with counted(database) as said:
        assert client.get("/chats").text.count("And ") == 4
    assert len(said) <= MOST, said


def test_what_is_said_reaches_the_visitor_with_its_buttons(
    client: TestClient, chat: Chat, agent: Agent, database: Database, work: Work
) -> None:
    ticket = chat("Can I have it sent again?", to=agent)
    form = {"body": "Of course. When?", "token": "t1", "offer": ["Tomorrow", " Next  week ", "", "Tomorrow"]}
    said = client.post(f"/chats/{ticket.key}/messages", data=form, headers=SCRIPT)
    assert said.status_code == 200
    assert said.json()["events"][f"ticket-{ticket.key}"] is True
    client.post(f"/chats/{ticket.key}/messages", data=form, headers=SCRIPT)  # sent twice, said once
    deliver(work)
    answer = rows(database, ChatLine)[-1]
    assert (answer.writer, answer.text, answer.replies) == (
        "agent",
        "Of course. When?",
        ["Tomorrow", "Next week"],
    )
    assert len(rows(database, ChatLine)) == 2
    assert again(database, ticket).waiting_since is None
    talk = client.get(f"/chats/{ticket.key}/talk", headers=PART).text
    assert f'data-seq="{answer.seq}"' in talk
    assert "<li>Next week</li>" in talk


def test_an_empty_answer_and_a_hole_in_a_macro_come_back_with_the_reason(
    client: TestClient, chat: Chat, agent: Agent, database: Database
) -> None:
    ticket = chat("Hello", to=agent)
    for body, why in (("  ", "write an answer"), ("Order 〔order.number〕 is on its way", "order.number")):
        said = client.post(f"/chats/{ticket.key}/messages", data={"body": body}, headers=SCRIPT)
        assert said.status_code == 422
        assert why in said.json()["error"]
        page = client.post(f"/chats/{ticket.key}/messages", data={"body": body})
        assert page.status_code == 422
        assert f"{body}</textarea>" in page.text
    assert [one.direction for one in rows(database, Message)] == ["in"]


def test_a_note_stays_among_colleagues(
    client: TestClient, chat: Chat, agent: Agent, database: Database, work: Work
) -> None:
    ticket = chat("Hello", to=agent)
    client.post(f"/chats/{ticket.key}/notes", data={"body": "A regular, be kind"}, headers=SCRIPT)
    deliver(work)
    assert [one.text for one in rows(database, ChatLine)] == ["Hello"]
    assert again(database, ticket).waiting_since is not None
    assert "say-note" in client.get(f"/chats/{ticket.key}/talk", headers=PART).text


def test_of_moves_in_a_row_the_last_alone_is_told(
    client: TestClient, chat: Chat, agent: Agent, lead: Agent, database: Database
) -> None:
    ticket = chat("Hello", to=lead)
    with database.write() as unit:
        found = unit.session.get_one(Ticket, ticket.pk)
        assign.to(unit, found, None, by=None)
        assign.to(unit, found, unit.session.get_one(Agent, agent.pk), by=None)
    talk = client.get(f"/chats/{ticket.key}/talk", headers=PART).text
    assert talk.count('class="chat-event"') == 1
    assert agent.name in talk
    assert lead.name not in talk


def test_without_a_script_an_answer_leads_back_to_the_chats(
    client: TestClient, chat: Chat, agent: Agent, database: Database
) -> None:
    ticket = chat("Hello", to=agent)
    page = client.post(f"/chats/{ticket.key}/messages", data={"body": "Good morning"})
    assert (page.status_code, page.headers["location"]) == (303, "/chats")
    assert "Good morning" in client.get("/chats").text
    client.post(f"/chats/{ticket.key}/close")
    assert again(database, ticket).status == Status.CLOSED


def test_a_closed_chat_is_back_as_it_was_when_that_is_undone(
    client: TestClient, chat: Chat, agent: Agent, database: Database
) -> None:
    ticket = chat("Hello", to=agent)
    closed = client.post(f"/chats/{ticket.key}/close", headers=SCRIPT).json()["events"]["notice"]
    assert names(client.get("/chats").text) == []
    assert client.post(closed["action"]["url"], headers=PART).status_code == 200
    assert again(database, ticket).status == Status.OPEN
    assert len(names(client.get("/chats").text)) == 1


def test_the_next_in_the_queue_comes_to_who_asks_for_it(
    client: TestClient, chat: Chat, agent: Agent, database: Database, clock: StandingClock
) -> None:
    first = chat("Hello", who="1")
    clock.advance(minutes=4)
    chat("Hello", who="2")
    bar = client.get("/chats/bar").text
    assert "2 wait" in bar
    assert f'data-clock="{first.waiting_since.isoformat()}"' in bar  # type: ignore[union-attr]
    assert client.post("/chats/next", headers=SCRIPT).json()["at"] == first.key
    assert again(database, first).assignee_id == agent.pk
    client.post("/chats/next", headers=SCRIPT)
    over = client.post("/chats/next", headers=SCRIPT).json()
    assert (over["at"], over["events"]["notice"]["text"]) == ("", "Nobody is waiting any more.")


def test_the_bar_and_a_talk_are_sent_again_only_when_something_changed(
    client: TestClient, chat: Chat, agent: Agent
) -> None:
    ticket = chat("Hello", to=agent)
    for path in ("/chats/bar", f"/chats/{ticket.key}/talk"):
        html = client.get(path, headers=PART).text
        known = re.search(r'"If-None-Match": (?:&#34;|")(.*?)(?:&#34;|")}', html.replace("\\&#34;", '"'))
        assert known, html[:400]
        etag = known[1].replace("\\u0022", '"').replace('\\"', '"')
        assert client.get(path, headers=PART | {"if-none-match": etag}).status_code == 304
        chat(f"More {path}", who="1")
        changed = client.get(path, headers=PART | {"if-none-match": etag})
        assert changed.status_code == (200 if "talk" in path else 304)


def test_what_stands_on_the_screen_counts_as_read(
    client: TestClient, chat: Chat, agent: Agent, database: Database
) -> None:
    ticket = chat("Hello", to=agent)
    with database.write() as unit:
        notify(unit, agent.pk, ASSIGNED, unit.session.get_one(Ticket, ticket.pk), by=None)
    client.get(f"/chats/{ticket.key}", headers=PART)
    with database.read() as unit:
        assert unit.session.exec(select(TicketSeen).where(TicketSeen.agent_id == agent.pk)).first()
        unread = select(Notification).where(col(Notification.read_at).is_(None))
        assert unit.session.exec(unread).first() is None


def test_chats_of_other_brands_do_not_exist(
    client: TestClient, chat: Chat, make_agent: Callable[..., Agent], browser: Any, other_brand: Brand
) -> None:
    ticket = chat("Hello")
    stranger = browser(make_agent("Stranger", brand_ids=[other_brand.pk]))
    for path in ("", "/talk", "/phrases", "/macros"):
        assert stranger.get(f"/chats/{ticket.key}{path}", headers=PART).status_code == 404
    assert (
        stranger.post(f"/chats/{ticket.key}/messages", data={"body": "x"}, headers=SCRIPT).status_code == 404
    )


def test_own_phrases_are_kept_and_found_beside_the_macros(
    client: TestClient, chat: Chat, agent: Agent
) -> None:
    ticket = chat("Where is my parcel? It is late", to=agent)
    client.post("/chats/phrases", data={"phrases": "One moment, please.\r\n\r\nThank you!\r\nThank you!"})
    chips = client.get(f"/chats/{ticket.key}/phrases", headers=PART).text
    assert chips.count('data-phrase="') == 2
    assert 'data-chat-macro="' in chips
    found = client.get(f"/chats/{ticket.key}/macros?words=thank").json()
    assert {"kind": "phrase", "key": "", "title": "Thank you!", "words": ""} in found
    macro = next(one for one in found if one["kind"] == "macro")
    filled = client.get(f"/chats/{ticket.key}/macros/{macro['key']}").json()
    assert filled["key"] == macro["key"]
    assert filled["text"]


def test_an_article_is_found_beside_the_macros_and_gives_its_words(
    client: TestClient, chat: Chat, agent: Agent, brand: Brand, database: Database
) -> None:
    with database.write() as unit:
        tell(unit, brand.pk, en=("Oiling a cutting board", "<p>Rub it with camellia oil.</p>"))
    ticket = chat("How do I oil the cutting board?", to=agent)
    found = client.get(f"/chats/{ticket.key}/macros?words=oiling").json()
    (article,) = [one for one in found if one["kind"] == "article"]
    assert article["title"] == "Oiling a cutting board"
    filled = client.get(f"/chats/{ticket.key}/macros/{article['key']}").json()
    assert "camellia oil" in filled["text"]
    assert (filled["key"], filled["chips"]) == ("", [])

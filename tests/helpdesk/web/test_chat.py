"""The chat over a real server: said once, in order, answered, and refused with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from helpdesk.app import build, make_parts
from helpdesk.channels.chat.config import sign
from helpdesk.customers.identify import identify
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    ChatLine,
    ChatRating,
    Customer,
    Delivery,
    Event,
    InboundEvent,
    Message,
    Ticket,
    Visitor,
)
from helpdesk.people.passwords import Passwords
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import close, reply
from helpdesk.tickets.upload import Upload
from helpdesk.web import chat
from helpdesk.work.runner import assemble
from helpdesk.work.schedule import Parts as Work
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import Window, add_widget, secret_of, serving
from tests.helpdesk.web.test_live import connect, hear_of, sign_in_of

Open = Callable[..., Window]


@pytest.fixture
def host(app: Starlette) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(database, brand, seal, origins=["https://shop.example"])


@pytest.fixture
def open_window(host: str, widget: ChannelAccount) -> Iterator[Open]:
    """open_window(visitor=token, …) -> a window whose welcome has been heard."""
    windows: list[Window] = []

    def open_one(**hello: Any) -> Window:
        windows.append(Window(host, hello.pop("brand", widget.address), **hello))
        return windows[-1]

    yield open_one
    for window in windows:
        window.close()


@pytest.fixture
def work(app: Starlette, settings: Settings) -> Work:
    """The background, driven by hand."""
    parts = app.state.parts
    return assemble(parts.database, parts.files, parts.seal, settings, parts.model)


@pytest.fixture
def answer(database: Database, agent: Agent, files: Files, work: Work) -> Callable[..., Message]:
    """answer("text") -> takes in what waits, answers the newest ticket and delivers it."""

    def send(body: str, **more: Any) -> Message:
        work.intake.drain()
        with database.write() as unit:
            ticket = unit.session.exec(select(Ticket).order_by(col(Ticket.id).desc())).first()
            assert ticket
            message = reply.send(unit, ticket, by=agent, body=body, files=files, **more)
        asyncio.run(work.courier.drain())
        return message

    return send


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as unit:
        return list(unit.session.exec(select(table).order_by(table.id)))


def test_a_question_becomes_a_ticket_and_its_answer_comes_back(
    open_window: Open, database: Database, work: Work, answer: Callable[..., Message]
) -> None:
    window = open_window()
    ack = window.write("k1", "荷物はいつ届きますか?", prechat={"name": "花子", "email": "h@example.jp"})
    assert (ack["key"], ack["seq"]) == ("k1", 1)
    answer("明日届きます。")
    said = window.hear("message")
    assert (said["seq"], said["text"], said["from"]["role"]) == (2, "明日届きます。", "agent")
    assert said["from"]["name"] == "Misaki Takahashi"
    (ticket,), (delivery,) = rows(database, Ticket), rows(database, Delivery)
    assert (ticket.channel, ticket.subject, ticket.status) == ("chat", "荷物はいつ届きますか?", "pending")
    assert delivery.state == "sent"
    incoming, outgoing = rows(database, Message)
    assert (incoming.reply, incoming.sender["name"]) == ("荷物はいつ届きますか?", "花子")
    assert (outgoing.state, outgoing.text) == ("sent", "明日届きます。")
    assert rows(database, Visitor)[0].email == "h@example.jp"


def test_the_same_key_twice_is_one_message(open_window: Open, database: Database, work: Work) -> None:
    window = open_window()
    first = window.write("k1", "hello")
    again = open_window(visitor=window.token)
    assert again.write("k1", "hello") == first
    assert window.write("k2", "still there?")["seq"] == 2
    work.intake.drain()
    assert [one.text for one in rows(database, ChatLine)] == ["hello", "still there?"]
    assert len(rows(database, InboundEvent)) == len(rows(database, Message)) == 2
    assert len(rows(database, Ticket)) == 1


def test_looking_alone_leaves_no_trace(open_window: Open, database: Database) -> None:
    window = open_window()
    again = open_window(visitor=window.token)
    assert again.token == window.token
    assert rows(database, Visitor) == []
    assert open_window(visitor="forged." + "a" * 24).token != "forged." + "a" * 24


def test_who_comes_back_gets_what_was_missed(open_window: Open, answer: Callable[..., Message]) -> None:
    window = open_window()
    window.write("k1", "one")
    window.write("k2", "two")
    window.close()
    answer("three")
    back = open_window(visitor=window.token, after=1)
    assert [one["text"] for one in back.welcome["history"]] == ["two", "three"]
    whole = open_window(visitor=window.token)
    assert [one["seq"] for one in whole.welcome["history"]] == [1, 2, 3]


def test_two_windows_show_the_same(open_window: Open, answer: Callable[..., Message]) -> None:
    one = open_window()
    other = open_window(visitor=one.token)
    one.write("k1", "from the first")
    assert other.hear("message")["text"] == "from the first"
    other.write("k2", "from the second")
    assert one.hear("message")["key"] == "k2"
    answer("to both")
    assert one.hear("message")["seq"] == other.hear("message")["seq"] == 3


def test_files_travel_both_ways(
    open_window: Open,
    host: str,
    widget: ChannelAccount,
    app: Starlette,
    browser: Callable[..., Any],
    database: Database,
    answer: Callable[..., Message],
) -> None:
    window = open_window()
    headers = {"Authorization": f"Bearer {window.token}", "Origin": "https://shop.example"}
    stranger = browser()
    sent = stranger.post(
        f"/widget/files?brand={widget.address}",
        files={"file": ("cup.png", b"\x89PNG broken cup", "image/png")},
        headers=headers,
    )
    assert sent.status_code == 201
    assert sent.headers["access-control-allow-origin"] == "https://shop.example"
    window.write("k1", "", attachments=[sent.json()["key"]])
    answer("here is the label", attachments=[Upload("label.pdf", "application/pdf", b"%PDF label")])
    (file,) = window.hear("message")["attachments"]
    assert (file["name"], file["size"]) == ("label.pdf", 10)
    assert stranger.get(file["url"]).content == b"%PDF label"
    assert stranger.get("/widget/files/nothing").status_code == 404
    theirs = open_window()
    theirs.say({"type": "message", "key": "k9", "text": "", "attachments": [sent.json()["key"]]})
    assert theirs.hear("error")["key"] == "k9"


def test_a_signed_user_is_the_customer_and_nobody_else(
    open_window: Open,
    widget: ChannelAccount,
    seal: Seal,
    database: Database,
    brand: Brand,
    work: Work,
    answer: Callable[..., Message],
) -> None:
    with database.write() as unit:
        hanako = identify(unit, brand.pk, "shop", "u-17", name="佐藤 花子")
    stranger = open_window()
    stranger.write("k1", "before signing in")
    work.intake.drain()
    assert rows(database, Ticket)[0].customer_id != hanako.pk
    proof = {"user": "u-17", "hash": sign(secret_of(widget, seal), "u-17")}
    signed = open_window(visitor=stranger.token, **proof)
    assert [one["text"] for one in signed.welcome["history"]] == ["before signing in"]
    assert rows(database, Ticket)[0].customer_id == hanako.pk
    assert [one.pk for one in rows(database, Customer)] == [hanako.pk]
    elsewhere = open_window(**proof)
    assert [one["text"] for one in elsewhere.welcome["history"]] == ["before signing in"]
    assert elsewhere.write("k2", "from my phone")["seq"] == 2
    work.intake.drain()
    assert {one.customer_id for one in rows(database, Message)} == {hanako.pk}
    for wrong in ({}, {"user": "u-17", "hash": "0" * 64}, {"user": "u-18", "hash": proof["hash"]}):
        other = open_window(visitor=elsewhere.token, **wrong)
        assert other.welcome["history"] == []
        assert other.token != elsewhere.token


def test_a_rating_is_kept_with_its_comment(
    open_window: Open, database: Database, answer: Callable[..., Message]
) -> None:
    window = open_window()
    window.say({"type": "rate", "score": 5})
    assert window.hear("error")["code"] == "rate"
    window.write("k1", "thanks")
    answer("you are welcome")
    with database.write() as unit:
        close.close(unit, unit.session.get_one(Ticket, 1), by=None)
    window.hear("closed")
    for comment in ("nice", "very nice"):
        window.say({"type": "rate", "score": 4, "comment": comment})
        assert window.hear("rated")["score"] == 4
    (rating,) = rows(database, ChatRating)
    assert (rating.score, rating.comment, rating.agent_id is not None) == (4, "very nice", True)
    rated = [one.data for one in rows(database, Event) if one.name == "rated"]
    assert rated[-1] == {"score": 4, "comment": "very nice"}


def test_three_days_of_silence_begin_a_new_ticket(
    open_window: Open, database: Database, work: Work, clock: StandingClock
) -> None:
    window = open_window()
    window.write("k1", "old matter")
    work.intake.drain()
    clock.advance(days=2, hours=23)
    window.write("k2", "the same")
    work.intake.drain()
    assert len(rows(database, Ticket)) == 1
    clock.advance(days=3, minutes=1)
    window.write("k3", "a new matter")
    work.intake.drain()
    old, new = rows(database, Ticket)
    assert new.follow_up_of_id == old.pk
    assert len(open_window(visitor=window.token).welcome["history"]) == 3


def test_read_marks_go_both_ways(
    open_window: Open, database: Database, app: Starlette, answer: Callable[..., Message]
) -> None:
    window = open_window()
    window.write("k1", "hello")
    answer("hi")
    window.hear("message")
    assert rows(database, Visitor)[0].unread_since is not None
    window.say({"type": "read", "seq": 2})
    window.write("k2", "thanks")
    assert (rows(database, Visitor)[0].read_seq, rows(database, Visitor)[0].unread_since) == (3, None)
    assert open_window(visitor=window.token).welcome["read"] == 2


@pytest.mark.parametrize(
    ("said", "code", "closes"),
    [
        ("not json", "unreadable", 4400),
        ("[]", "unreadable", 4400),
        (b"bytes", "unreadable", 4400),
        ('{"type":"hello","page":"' + "x" * 64_000 + '"}', "too_large", 4400),
        ('{"type":"message","key":"k","text":"before hello"}', "hello", 4400),
    ],
)
def test_what_no_widget_says_is_refused_with_a_reason(
    open_window: Open, said: str | bytes, code: str, closes: int
) -> None:
    window = open_window(greets=False)
    window.say(said)
    assert window.closed_with() == closes
    assert window.heard[-1]["code"] == code
    assert window.heard[-1]["text"]


def test_foreign_pages_and_unknown_keys_are_turned_away(open_window: Open) -> None:
    foreign = open_window(greets=False, origin="https://evil.example")
    assert foreign.closed_with() == chat.FOREIGN
    assert foreign.heard[-1]["code"] == "origin"
    unknown = open_window(greets=False, brand="nobody")
    assert unknown.closed_with() == chat.UNKNOWN
    assert unknown.heard[-1]["code"] == "brand"
    assert open_window(origin="https://SHOP.example:443").welcome["visitor"]


def test_twenty_messages_in_ten_seconds_are_enough(open_window: Open, database: Database) -> None:
    window = open_window()
    for number in range(20):
        window.write(f"k{number}", f"{number}")
    window.say({"type": "message", "key": "late", "text": "too fast"})
    refused = window.hear("error")
    assert (refused["code"], refused["key"]) == ("rate_limited", "late")
    assert 0 < refused["retry_after"] <= 10
    assert len(rows(database, ChatLine)) == 20


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
        assert open_window().welcome["agents_online"] == 1
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
            assert open_window().welcome["agents_online"] == 1
            window.write("k2", "do you hear me?")
            work.intake.drain()
            assert hear_of(line, "message_received")["ticket"] == ticket.key
    other.close()

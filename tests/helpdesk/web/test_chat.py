"""The chat over a real server: said once, in order, answered, rated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette

from helpdesk.models import (
    ChannelAccount,
    ChatLine,
    ChatRating,
    Delivery,
    Event,
    InboundEvent,
    Message,
    Ticket,
    Visitor,
)
from helpdesk.store.db import Database
from helpdesk.tickets import close
from helpdesk.tickets.upload import Upload
from helpdesk.work.schedule import Parts as Work
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import Open, rows


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


def test_a_rating_is_kept_with_its_comment(
    open_window: Open, database: Database, work: Work, answer: Callable[..., Message]
) -> None:
    window = open_window()
    window.say({"type": "rate", "score": 5})
    assert window.hear("error")["code"] == "rate"
    window.write("k1", "thanks")
    answer("you are welcome")
    with database.write() as unit:
        close.close(unit, unit.session.get_one(Ticket, 1), by=None)
    window.hear("closed")
    assert open_window(visitor=window.token).welcome["closed"] is True
    for comment in ("nice", "very nice"):
        window.say({"type": "rate", "score": 4, "comment": comment})
        assert window.hear("rated")["score"] == 4
    (rating,) = rows(database, ChatRating)
    assert (rating.score, rating.comment, rating.agent_id is not None) == (4, "very nice", True)
    rated = [one.data for one in rows(database, Event) if one.name == "rated"]
    assert rated[-1] == {"score": 4, "comment": "very nice"}
    window.write("k2", "one more thing")
    work.intake.drain()
    assert open_window(visitor=window.token).welcome["closed"] is False


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

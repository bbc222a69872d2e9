"""Sending from the browser: hold and take back, schedule, recipients, rich text, language."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.delivery.worker import Courier
from helpdesk.inbox import language
from helpdesk.models import Agent, Attachment, Delivery, Draft, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests.conftest import StandingClock
from tests.helpdesk.stories import only, rows

HTMX = {"HX-Request": "true"}
PNG = b"\x89PNG\r\n\x1a\n0000"


@pytest.fixture
def courier(database: Database, files: Files, seal: Seal, settings: Settings) -> Courier:
    return Courier(database, files, seal, settings)


def send(client: TestClient, ticket: Ticket, **data: Any) -> Any:
    return client.post(f"/tickets/{ticket.key}/reply", data={"body": "はい", **data}, headers=HTMX)


def told(answer: Any) -> dict[str, Any]:
    return dict(json.loads(answer.headers["hx-trigger"]))


def out(database: Database) -> list[Message]:
    with database.read() as unit:
        return list(unit.session.exec(select(Message).where(Message.direction == "out")))


def test_a_reply_is_held_and_can_be_undone(
    database: Database, ticket: Ticket, client: TestClient, courier: Courier, clock: StandingClock
) -> None:
    notice = told(send(client, ticket))["notice"]
    assert (notice["text"], notice["action"]["seconds"]) == ("Sent.", 10)
    assert asyncio.run(courier.drain()) == 0
    undone = client.post(notice["action"]["url"], headers=HTMX)
    restore = told(undone)["composer-restore"]
    assert (restore["key"], restore["mode"], bool(restore["token"])) == (ticket.key, "reply", True)
    assert only(database, Ticket).status == "open"
    draft = client.get(f"/tickets/{ticket.key}/draft/reply").json()
    assert draft["content"]["text"] == "はい"
    assert "はい" not in client.get(f"/tickets/{ticket.key}/messages", headers=HTMX).text
    clock.advance(hours=1)
    assert asyncio.run(courier.drain()) == 0
    late = client.post(notice["action"]["url"], headers=HTMX)
    assert late.status_code == 409


def test_after_the_hold_there_is_nothing_to_undo(
    ticket: Ticket, client: TestClient, courier: Courier, clock: StandingClock
) -> None:
    url = told(send(client, ticket))["notice"]["action"]["url"]
    clock.advance(seconds=10)
    assert asyncio.run(courier.drain()) == 1
    refused = client.post(url, headers=HTMX)
    assert (refused.status_code, "has left" in refused.text) == (409, True)


@pytest.mark.parametrize(("seconds", "held"), [(0, 0), (30, 30), (9999, 120), ("x", 10)])
def test_the_agent_chooses_how_long(
    database: Database, agent: Agent, ticket: Ticket, client: TestClient, seconds: object, held: int
) -> None:
    with database.write() as unit:
        unit.session.get_one(Agent, agent.pk).preferences = {"undo_seconds": seconds}
    notice = told(send(client, ticket))["notice"]
    delivery = only(database, Delivery)
    assert (delivery.next_at - delivery.created_at).total_seconds() == held
    assert ("action" in notice) is (held > 0)


def test_send_now_does_not_wait(
    database: Database, ticket: Ticket, client: TestClient, courier: Courier
) -> None:
    send(client, ticket)
    key = only(database, Delivery).key
    assert client.post(f"/tickets/{ticket.key}/deliveries/{key}/send-now", headers=HTMX).status_code == 200
    assert asyncio.run(courier.drain()) == 1


def test_a_scheduled_reply_waits_moves_and_is_cancelled(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    answer = send(client, ticket, at="2026-01-06T09:30", then="close")
    assert only(database, Delivery).next_at == datetime(2026, 1, 6, 0, 30, tzinfo=UTC)
    assert only(database, Ticket).status == "open"
    notice = told(answer)["notice"]
    path = f"/tickets/{ticket.key}/deliveries/{only(database, Delivery).key}"
    assert client.post(f"{path}/time", data={"at": "2026-01-07T10:00"}, headers=HTMX).status_code == 200
    assert only(database, Delivery).next_at == datetime(2026, 1, 7, 1, 0, tzinfo=UTC)
    assert client.post(f"{path}/time", data={"at": "2020-01-07T10:00"}, headers=HTMX).status_code == 422
    client.post(notice["action"]["url"], headers=HTMX)
    assert only(database, Delivery).state == "cancelled"
    assert only(database, Draft).content["text"] == "はい"


def test_a_time_that_is_past_brings_the_words_back(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    answer = send(client, ticket, at="2020-01-06T09:30")
    assert (answer.status_code, "はい" in answer.text) == (422, True)
    assert out(database) == []


@pytest.mark.parametrize("until", ["tomorrow", "2026-01-08T09:00"])
def test_send_and_snooze(database: Database, ticket: Ticket, client: TestClient, until: str) -> None:
    answer = send(client, ticket, then="snooze", until=until)
    assert told(answer)["notice"]["text"] == "Sent and snoozed."
    found = only(database, Ticket)
    assert (found.status, found.snoozed_until is not None) == ("pending", True)
    client.post(told(answer)["notice"]["action"]["url"], headers=HTMX)
    found = only(database, Ticket)
    assert (found.status, found.snoozed_until) == ("open", None)


def test_a_formatted_reply_keeps_its_pictures(
    database: Database, ticket: Ticket, client: TestClient, courier: Courier, clock: StandingClock
) -> None:
    staged = client.post(
        f"/tickets/{ticket.key}/files/reply",
        files={"file": ("p.png", PNG, "image/png")},
        data={"inline": "1"},
    ).json()
    html = f'<p>see <b>this</b></p><p><img src="{staged["url"]}" alt="p"></p><script>x</script>'
    send(client, ticket, body="", html=html, staged=[staged["key"]])
    (message,) = out(database)
    assert message.text == message.reply == "see this\n\n[p]"
    assert "<script" not in (message.html or "")
    attachment = only(database, Attachment)
    assert (attachment.inline, f"cid:{attachment.content_id}" in (message.html or "")) == (True, True)
    frame = client.get(f"/messages/{message.key}/frame").text
    assert f"/attachments/{attachment.key}?inline=1" in frame
    clock.advance(seconds=10)
    asyncio.run(courier.drain())
    raw = only(database, Delivery).raw or b""
    assert b"multipart/related" in raw


def test_html_without_formatting_is_a_plain_reply(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    send(client, ticket, body="", html="<div>one</div><div>two<br>three</div>")
    (message,) = out(database)
    assert (message.html, message.text) == (None, "one\n\ntwo\nthree")


def test_people_of_the_form_get_it_and_bcc_stays_hidden(
    database: Database, ticket: Ticket, client: TestClient, courier: Courier, clock: StandingClock
) -> None:
    people = {"to": ["山田 <hanako@example.jp>"], "cc": ["c@example.jp"], "bcc": ["hidden@example.jp"]}
    send(client, ticket, kind="reply_all", **people)
    clock.advance(seconds=10)
    asyncio.run(courier.drain())
    raw = only(database, Delivery).raw or b""
    assert (b"c@example.jp" in raw, b"hidden@" in raw) == (True, False)


def test_a_wrong_address_comes_back_with_the_words(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    answer = send(client, ticket, cc=["nobody"])
    assert (answer.status_code, "nobody" in answer.text, "はい" in answer.text) == (422, True, True)
    assert out(database) == []


def test_forwarding_leaves_the_ticket_open(database: Database, ticket: Ticket, client: TestClient) -> None:
    first = only(database, Message)
    answer = send(client, ticket, kind="forward", to=["maker@factory.example"], forwarded=first.key)
    assert told(answer)["notice"]["text"] == "Forwarded."
    assert only(database, Ticket).status == "open"
    client.post(told(answer)["notice"]["action"]["url"], headers=HTMX)
    content = only(database, Draft).content
    assert (content["kind"], content["forwarded"], content["to"]) == (
        "forward",
        first.key,
        ["maker@factory.example"],
    )


def test_a_colleagues_answer_that_has_not_left_holds_this_one_back(
    database: Database, ticket: Ticket, client: TestClient, lead_client: TestClient
) -> None:
    seen = client.get(f"/tickets/{ticket.key}").text.split('name="seen" value="')[1].split('"')[0]
    send(lead_client, ticket, at="2026-01-06T09:30", body="朝に")
    answer = send(client, ticket, seen=seen)
    assert (answer.status_code, "Something was added meanwhile" in answer.text) == (422, True)
    assert len(out(database)) == 1


def test_the_same_form_twice_offers_the_same_undo(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    first, second = (told(send(client, ticket, token="t")) for _ in range(2))
    assert first["notice"]["action"]["url"] == second["notice"]["action"]["url"]
    assert len(rows(database, Delivery)) == 1
    client.post(first["notice"]["action"]["url"], headers=HTMX)
    again = send(client, ticket, token="t")
    assert (again.status_code, "taken back" in again.text) == (422, True)
    assert len(rows(database, Delivery)) == 1


def test_another_brands_answers_are_out_of_reach(
    database: Database,
    ticket: Ticket,
    client: TestClient,
    browser: Callable[..., TestClient],
    make_agent: Any,
) -> None:
    send(client, ticket)
    stranger = browser(make_agent("Sam Stranger", brand_ids=[]))
    key = only(database, Delivery).key
    for action in ("take-back", "send-now", "time"):
        path = f"/tickets/{ticket.key}/deliveries/{key}/{action}"
        assert stranger.post(path, data={"at": "2026-02-01T00:00"}).status_code == 404
    assert only(database, Delivery).state == "queued"


def test_without_a_script_undoing_leads_back_to_the_ticket(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    client.post(f"/tickets/{ticket.key}/reply", data={"body": "はい"})
    path = f"/tickets/{ticket.key}/deliveries/{only(database, Delivery).key}/take-back"
    assert client.post(path).headers["location"] == f"/tickets/{ticket.key}"


def test_a_text_in_the_wrong_language_is_noticed(ticket: Ticket, client: TestClient) -> None:
    path = f"/tickets/{ticket.key}/language"
    english = client.post(path, data={"body": "Your parcel arrives tomorrow morning."}).json()
    assert english == {"differs": True, "expected": "ja", "written": "en"}
    assert not client.post(path, data={"body": "お荷物は明日の朝に届く予定です。"}).json()["differs"]


@pytest.mark.parametrize(
    "text", ["", "OK", "https://track.example/abcdefghijklmnop", "> Where is my parcel, please?"]
)
def test_nothing_is_said_of_a_text_that_tells_no_language(text: str) -> None:
    assert not language.check(text, "ja").differs

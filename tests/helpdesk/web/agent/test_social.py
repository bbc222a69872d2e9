"""What words cannot say, on the pages: played, looked at, fetched again, told on paper and in chats."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    InboundEvent,
    Notification,
    Ticket,
)
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from tests.helpdesk.desk import add_message, add_ticket
from tests.helpdesk.web.agent.line_desk import WORDS, add, page, put_file


@pytest.fixture
def line(database: Database, brand: Brand) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(brand_id=brand.pk, kind="line", address="L", created_at=unit.now)
        unit.session.add(account)
    return account


@pytest.fixture
def ticket(database: Database, brand: Brand, line: ChannelAccount) -> Ticket:
    return add_ticket(database, brand, channel="line", account_id=line.pk)


def test_a_voice_and_a_film_are_played_in_their_place(
    database: Database, ticket: Ticket, client: TestClient, files: Files
) -> None:
    voice = put_file(database, files, add(database, ticket, content={"type": "audio"}), "audio/mp4")
    film = put_file(database, files, add(database, ticket, content={"type": "video"}), "video/mp4")
    text = page(client, ticket)
    assert f'<audio controls preload="metadata" src="/attachments/{voice.key}?inline=1"' in text
    assert f'<video controls preload="metadata" playsinline src="/attachments/{film.key}?inline=1"' in text
    assert "media-src 'self'" in client.get("/").headers["content-security-policy"]


def test_a_player_may_jump_within_a_recording(
    database: Database, ticket: Ticket, client: TestClient, files: Files
) -> None:
    voice = put_file(database, files, add(database, ticket), "audio/wav", "声.wav")
    part = client.get(f"/attachments/{voice.key}?inline=1", headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, WORDS[4:8])
    assert part.headers["content-type"] == "audio/wav"
    assert part.headers["content-disposition"].startswith("inline")
    assert part.headers["content-security-policy"].startswith("sandbox")
    whole = client.get(f"/attachments/{voice.key}")
    assert whole.headers["content-disposition"].startswith("attachment")
    assert whole.headers["content-type"] == "application/octet-stream"


def test_a_recording_of_another_brand_is_not_played(
    database: Database, other_brand: Brand, client: TestClient, files: Files
) -> None:
    strange = add_message(database, add_ticket(database, other_brand), "x")
    voice = put_file(database, files, strange, "audio/wav")
    assert client.get(f"/attachments/{voice.key}?inline=1").status_code in (403, 404)


def test_what_was_taken_back_leaves_its_place_alone(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    add(
        database,
        ticket,
        content={"type": "taken_back"},
        marks={"taken_back_at": "2026-01-05T02:00:00+00:00"},
    )
    text = page(client, ticket)
    assert "The customer took this message back" in text and "message-gone" in text
    assert "(no words)" not in text.partition('id="messages"')[2]


def test_marks_stand_with_their_message(database: Database, ticket: Ticket, client: TestClient) -> None:
    at = "2026-01-05T02:00:00+00:00"
    marks = {"reactions": {"U": {"emoji": "❤️", "at": at}}, "read_at": at}
    add(database, ticket, "発送しました", direction="out", state="sent", marks=marks)
    add(database, ticket, "新しい", marks={"versions": ["古い"], "edited_at": at})
    text = page(client, ticket)
    assert "delivery-read" in text and f'<time datetime="{at}"' in text
    assert "❤️" in text and "古い" in text and "Edited" in text


def test_a_story_a_place_and_a_call_are_told(database: Database, ticket: Ticket, client: TestClient) -> None:
    add(database, ticket, "これ", content={"story": {"url": "https://x.example/s"}})
    add(database, ticket, "公園", content={"type": "location", "latitude": 35.0, "longitude": 139.0})
    add(database, ticket, channel="phone", content={"type": "call", "state": "missed", "inbound": True})
    text = page(client, ticket)
    for words in ("Answers your story", "Open the map", "Missed call", "message-extra-missed"):
        assert words in text


def test_what_a_customer_sends_as_an_address_is_never_run(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    add(database, ticket, content={"type": "share", "url": "javascript:alert(1)", "title": "<b>x</b>"})
    text = page(client, ticket)
    assert "javascript:" not in text and "&lt;b&gt;x&lt;/b&gt;" in text


def test_the_original_of_an_event_is_laid_out_and_downloaded_as_it_came(
    database: Database, ticket: Ticket, client: TestClient, line: ChannelAccount
) -> None:
    raw = json.dumps({"type": "message", "message": {"type": "poll", "text": "どれ？"}}).encode()
    with database.write() as unit:
        told = InboundEvent(
            brand_id=ticket.brand_id,
            account_id=line.pk,
            external_id="e",
            raw=raw,
            next_at=unit.now,
            received_at=unit.now,
        )
        unit.session.add(told)
        unit.session.flush()
    message = add(database, ticket, content={"type": "unsupported", "kind": "poll"}, inbound_id=told.pk)
    assert f'href="/messages/{message.key}/source"' in page(client, ticket)
    shown = client.get(f"/messages/{message.key}/source").text
    assert "どれ？" in shown and "Download .json" in shown
    kept = client.get(f"/messages/{message.key}/source?download=1")
    assert kept.content == raw and f'{message.key}.json"' in kept.headers["content-disposition"]
    with database.write() as unit:
        unit.session.get_one(InboundEvent, told.pk).raw = b""  # as after taking back
    assert client.get(f"/messages/{message.key}/source").status_code == 404


def test_everything_stands_on_paper_too(
    database: Database, ticket: Ticket, client: TestClient, line: ChannelAccount
) -> None:
    add(database, ticket, content={"type": "sticker", "keywords": ["困った"]})
    add(database, ticket, content={"type": "taken_back"})
    add(database, ticket, content={"type": "call", "state": "missed"})
    lost = [{"name": "領収書.pdf", "why": "LINE 410: gone"}]
    add(database, ticket, content={"type": "file", "lost": lost})
    text = client.get(f"/tickets/{ticket.key}/print").text
    for words in ("Sticker · 困った", "This message was taken back.", "Missed call", "LINE 410: gone"):
        assert words in text


def test_a_notification_tells_what_was_sent_without_words(
    database: Database, ticket: Ticket, client: TestClient, agent: Agent
) -> None:
    message = add(database, ticket, content={"type": "sticker", "keywords": ["困った"]})
    with database.write() as unit:
        unit.session.add(
            Notification(
                agent_id=agent.pk,
                brand_id=ticket.brand_id,
                ticket_id=ticket.pk,
                message_id=message.pk,
                name="answered",
                created_at=unit.now,
            )
        )
    assert "Sticker: 困った" in client.get("/notifications").text


def test_a_chat_shows_what_came_by_another_channel(
    database: Database, brand: Brand, client: TestClient, agent: Agent
) -> None:
    chat = add_ticket(database, brand, channel="chat", assignee_id=agent.pk)
    add(database, chat, content={"type": "sticker", "keywords": ["困った"]}, account_id=None)
    add(database, chat, content={"type": "taken_back"}, account_id=None)
    text = client.get(f"/chats/{chat.key}/talk").text
    assert "Sticker: 困った" in text and "This message was taken back." in text


def test_a_set_of_pictures_is_one_grid(
    database: Database, ticket: Ticket, client: TestClient, files: Files
) -> None:
    made = []
    for place in (1, 2):
        content = {"type": "image", "album": {"id": "S", "index": place, "total": 3}}
        made.append(add(database, ticket, content=content, ago=5 - place))
        put_file(database, files, made[-1], "image/png")
    text = page(client, ticket)
    assert text.count('<ul class="message-images message-set"') == 1
    assert text.count("<article class=") == 1
    assert all(text.count(f'id="message-{one.key}"') == 1 for one in made)
    assert "1 more to come" in text


def test_other_peoples_customers_are_not_shown(
    database: Database, other_brand: Brand, client: TestClient
) -> None:
    strange = add_ticket(database, other_brand)
    with database.read() as unit:
        assert unit.session.exec(select(Ticket).where(Ticket.key == strange.key)).one()
    message = add_message(database, strange, "x")
    assert client.post(f"/tickets/{strange.key}/messages/{message.key}/files").status_code == 404

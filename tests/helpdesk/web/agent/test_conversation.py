"""What a conversation offers beside its words: originals, files, images, paper, notes, followers, notifications."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.channels.email.mime import sanitise
from helpdesk.models import (
    Agent,
    Attachment,
    Brand,
    ChannelAccount,
    Delivery,
    Direction,
    InboundEvent,
    Message,
    Notification,
    Ticket,
    TicketSeen,
)
from helpdesk.people.notify import ANSWERED, MENTIONED, notify
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from tests.helpdesk.desk import add_message, add_order, add_ticket

HTMX = {"HX-Request": "true"}
LAYOUT = '<table><tr><td>Sale</td></tr></table><img src="https://img.example/x.png">'


@pytest.fixture
def ticket(database: Database, brand: Brand) -> Ticket:
    return add_ticket(database, brand, subject="荷物について")


def attach(database: Database, message: Message, name: str, kind: str, content: bytes, files: Files) -> str:
    with database.write() as unit:
        one = Attachment(
            brand_id=message.brand_id,
            message_id=message.pk,
            name=name,
            content_type=kind,
            size=len(content),
            sha256=files.put(content),
        )
        unit.session.add(one)
        unit.session.flush()
        return one.key


def add_delivery(database: Database, message: Message, account: ChannelAccount, **given: object) -> Delivery:
    with database.write() as unit:
        values = {"next_at": unit.now, "created_at": unit.now, "external_id": message.key, **given}
        delivery = Delivery(
            brand_id=message.brand_id,
            account_id=account.pk,
            message_id=message.pk,
            **values,  # type: ignore[arg-type]
        )
        unit.session.add(delivery)
    return delivery


def test_an_answer_says_where_it_is(
    database: Database, ticket: Ticket, client: TestClient, account: ChannelAccount
) -> None:
    with database.read() as unit:
        later, soon = unit.now + timedelta(hours=20), unit.now + timedelta(seconds=9)
    for words, given in {
        "scheduled": {"next_at": later, "scheduled": True},
        "held": {"next_at": soon},
        "again": {"next_at": later, "attempts": 2, "reason": "450 busy"},
    }.items():
        message = add_message(database, ticket, words, direction=Direction.OUT, state="queued")
        add_delivery(database, message, account, **given)
    add_message(database, ticket, "taken back words", direction=Direction.OUT, state="taken_back")
    page = client.get(f"/tickets/{ticket.key}").text
    assert "Leaves Tomorrow" in page or "Leaves Tue, Jan 6" in page
    assert 'data-left="9"' in page
    assert "2 attempts" in page
    assert "450 busy" in page
    assert page.count('/take-back"') == 4  # each as a form and for htmx
    assert page.count('/send-now"') == 2
    assert "taken back words" not in page


def test_a_line_stands_above_what_is_new_to_this_agent_and_stays_while_the_page_is_open(
    database: Database, ticket: Ticket, client: TestClient, agent: Agent
) -> None:
    add_message(database, ticket, "old", ago=50)
    new = add_message(database, ticket, "new", ago=5)
    with database.write() as unit:
        at = unit.now - timedelta(minutes=20)
        unit.session.add(TicketSeen(agent_id=agent.pk, ticket_id=ticket.pk, at=at))
        unit.session.get_one(Ticket, ticket.pk).received_at = unit.now
    page = client.get(f"/tickets/{ticket.key}").text
    assert 'id="new-line"' in page
    assert f"/messages?new={new.key}" in page
    assert 'id="new-line"' in client.get(f"/tickets/{ticket.key}/messages?new={new.key}", headers=HTMX).text
    assert 'id="new-line"' not in client.get(f"/tickets/{ticket.key}").text


def test_a_laid_out_mail_opens_formatted_and_a_simple_one_plain(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    rich = add_message(database, ticket, "Sale", html=sanitise(LAYOUT))
    simple = add_message(database, ticket, "hello", html=sanitise("<p>hello</p>"))
    answer = add_message(database, ticket, "re", html=sanitise(LAYOUT), quoted="> Sale")
    page = client.get(f"/tickets/{ticket.key}").text
    opened = {key: f'data-view="{key}" open' in page for key in (rich.key, simple.key, answer.key)}
    assert opened == {rich.key: True, simple.key: False, answer.key: False}


def test_images_of_a_sender_come_at_once_after_the_agent_said_so(
    database: Database, ticket: Ticket, client: TestClient, lead_client: TestClient
) -> None:
    message = add_message(database, ticket, "Sale", html=sanitise(LAYOUT))
    frame, choice = f"/messages/{message.key}/frame", f"/tickets/{ticket.key}/messages/{message.key}/images"
    assert ' src="https://img.example' not in client.get(frame).text
    assert "No longer show images" in client.post(choice, data={"images": "1"}, headers=HTMX).text
    assert ' src="https://img.example' in client.get(frame).text
    assert ' src="https://img.example' not in lead_client.get(frame).text
    client.post(choice, data={"images": "0"})
    assert ' src="https://img.example' not in client.get(frame).text


def test_a_mail_with_colours_lies_on_paper_and_any_other_takes_the_theme(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    for html, look in ((LAYOUT, "paper"), ("<p>plain <b>words</b></p>", "plain")):
        message = add_message(database, ticket, "x", html=sanitise(html))
        assert f'class="{look}"' in client.get(f"/messages/{message.key}/frame").text


def test_all_files_come_as_one_archive_under_names_of_their_own(
    database: Database, ticket: Ticket, client: TestClient, files: Files
) -> None:
    message = add_message(database, ticket, "files")
    for name, content in (("写真.png", b"1"), ("写真.png", b"2"), ("../../etc/passwd", b"3"), ("", b"4")):
        attach(database, message, name, "image/png", content, files)
    answer = client.get(f"/messages/{message.key}/attachments.zip")
    with ZipFile(BytesIO(answer.content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {"写真.png": b"1", "写真 (2).png": b"2", "etcpasswd": b"3", "file": b"4"}


def test_a_text_is_shown_as_text_alone(
    database: Database, ticket: Ticket, client: TestClient, files: Files
) -> None:
    message = add_message(database, ticket, "files")
    key = attach(database, message, "a.csv", "text/csv", "商品,数\n".encode("cp932"), files)
    shown = client.get(f"/attachments/{key}?inline=1")
    assert (shown.text, shown.headers["content-type"]) == ("商品,数\n", "text/plain; charset=utf-8")
    assert client.get(f"/attachments/{key}").headers["content-type"] == "application/octet-stream"


def test_the_original_of_a_mail_is_shown_as_text_and_given_unchanged(
    database: Database, ticket: Ticket, client: TestClient, account: ChannelAccount
) -> None:
    raw = b"From: a@example.jp\r\nSubject: =?utf-8?b?6I2354mp?=\r\n\r\n<script>alert(1)</script>\x1b[0m\r\n"
    with database.write() as unit:
        came = InboundEvent(
            brand_id=ticket.brand_id,
            account_id=account.pk,
            external_id="1",
            raw=raw,
            next_at=unit.now,
            received_at=unit.now,
        )
        unit.session.add(came)
        unit.session.flush()
    message = add_message(database, ticket, "hi", inbound_id=came.pk)
    page = client.get(f"/messages/{message.key}/source").text
    assert "荷物" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;␛[0m" in page
    assert client.get(f"/messages/{message.key}/source?download=1").content == raw


def test_an_answers_original_is_what_left(
    database: Database, ticket: Ticket, client: TestClient, account: ChannelAccount
) -> None:
    message = add_message(database, ticket, "hi", direction=Direction.OUT, state="sent")
    assert client.get(f"/messages/{message.key}/source").status_code == 404
    add_delivery(database, message, account, raw=b"Subject: left\r\n\r\nwords")
    assert "Subject: left" in client.get(f"/messages/{message.key}/source").text


def test_on_paper_stands_everything_and_notes_only_if_wanted(
    database: Database, brand: Brand, ticket: Ticket, client: TestClient
) -> None:
    add_message(database, ticket, "customer words")
    add_message(database, ticket, "secret note", direction=Direction.NOTE)
    add_order(database, ticket.customer_id, brand, "HK-77")
    page = client.get(f"/tickets/{ticket.key}/print").text
    for words in ("荷物について", "customer words", "secret note", "HK-77", "山田 花子"):
        assert words in page
    assert "secret note" not in client.get(f"/tickets/{ticket.key}/print?notes=0").text


def test_a_note_calls_a_colleague_who_finds_it_behind_the_bell(
    database: Database,
    ticket: Ticket,
    client: TestClient,
    lead: Agent,
    lead_client: TestClient,
) -> None:
    client.post(f"/tickets/{ticket.key}/notes", data={"body": "@Lena look at this"})
    assert '<mark class="mention">@Lena</mark>' in client.get(f"/tickets/{ticket.key}").text
    assert "bell-count" in lead_client.get("/notifications/bell", headers=HTMX).text
    page = lead_client.get("/notifications").text
    assert "Misaki Takahashi mentioned you" in page
    assert "bell-count" not in client.get("/notifications/bell", headers=HTMX).text
    lead_client.get(f"/tickets/{ticket.key}")
    assert "bell-count" not in lead_client.get("/notifications/bell", headers=HTMX).text


def test_notifications_lead_to_their_place_and_can_be_read_one_by_one_or_all(
    database: Database, ticket: Ticket, agent: Agent, lead: Agent, client: TestClient, lead_client: TestClient
) -> None:
    message = add_message(database, ticket, "again")
    with database.write() as unit:
        ours = unit.session.get_one(Ticket, ticket.pk)
        first = notify(unit, agent.pk, ANSWERED, ours, by=None, message=message, direction="in")
        second = notify(unit, agent.pk, MENTIONED, ours, by=lead)
    assert first
    assert second
    assert "山田 花子 wrote in a ticket that you follow" in client.get("/notifications?only=unread").text
    assert lead_client.get(f"/notifications/{first.key}").status_code == 404
    lead_client.post(f"/notifications/{first.key}/read")
    gone = client.get(f"/notifications/{first.key}")
    assert gone.headers["location"] == f"/tickets/{ticket.key}#message-{message.key}"
    with database.read() as unit:
        unread = unit.session.exec(select(Notification).where(Notification.read_at == None)).all()  # noqa: E711
        assert [one.key for one in unread] == [second.key]
    client.post("/notifications/read", headers=HTMX)
    assert "Nothing waits for you" in client.get("/notifications?only=unread").text


def test_following_is_shown_in_the_head_and_listed(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    assert "/unfollow" not in client.get(f"/tickets/{ticket.key}").text
    assert "/unfollow" in client.post(f"/tickets/{ticket.key}/follow", headers=HTMX).text
    assert "Misaki Takahashi" in client.get(f"/tickets/{ticket.key}/followers", headers=HTMX).text
    assert "/unfollow" not in client.post(f"/tickets/{ticket.key}/unfollow", headers=HTMX).text


def test_a_writer_corrects_the_note_in_its_place(
    database: Database, ticket: Ticket, client: TestClient, lead_client: TestClient
) -> None:
    client.post(f"/tickets/{ticket.key}/notes", data={"body": "first words"})
    with database.read() as unit:
        key = unit.session.exec(select(Message.key)).one()
    path = f"/tickets/{ticket.key}/notes/{key}"
    assert "first words" in client.get(path, headers=HTMX).text
    assert lead_client.post(path, data={"body": "not mine"}).status_code == 403
    page = client.post(path, data={"body": "better words"}, headers=HTMX).text
    assert "better words" in page
    assert "first words" in page
    assert "Note corrected" in page


def test_colleagues_are_offered_by_any_part_of_their_name(
    ticket: Ticket, client: TestClient, lead: Agent, make_agent: Callable[..., Agent], other_brand: Brand
) -> None:
    make_agent("高橋 太郎", email="taro@example.com")
    make_agent("Foreign Fox", brand_ids=[other_brand.pk])

    def offered(q: str) -> list[str]:
        found = client.get("/agents/mentionable", params={"ticket": ticket.key, "q": q}).json()
        return [one["name"] for one in found]

    assert offered("") == ["Lena Lead", "高橋 太郎"]
    assert (offered("橋"), offered("高橋太"), offered("tar"), offered("lead")) == (
        ["高橋 太郎"],
        ["高橋 太郎"],
        ["高橋 太郎"],
        ["Lena Lead"],
    )
    assert client.get("/agents/mentionable", params={"ticket": "nothing"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/tickets/{ticket}/print",
        "/tickets/{ticket}/followers",
        "/tickets/{ticket}/notes/{message}",
        "/messages/{message}/source",
        "/messages/{message}/frame",
        "/messages/{message}/attachments.zip",
        "/agents/mentionable?ticket={ticket}",
    ],
)
def test_another_brands_conversation_is_not_there(
    database: Database, other_brand: Brand, client: TestClient, path: str
) -> None:
    foreign = add_ticket(database, other_brand)
    message = add_message(database, foreign, "secret", direction=Direction.NOTE)
    assert client.get(path.format(ticket=foreign.key, message=message.key)).status_code == 404


def test_a_customers_figures_open_what_they_count(
    database: Database, brand: Brand, ticket: Ticket, client: TestClient
) -> None:
    add_order(database, ticket.customer_id, brand, "HK-55")
    add_message(database, ticket, "only words")
    panel = client.get(f"/tickets/{ticket.key}/panel", headers=HTMX).text
    start = panel.index("/customers/")
    base = panel[start : panel.index('"', start)]
    for only, shown, hidden in (
        ("orders", "HK-55", "only words"),
        ("messages", "only words", "Order placed"),
    ):
        assert f"{base}?only=orders" in panel
        page = client.get(f"{base}?only={only}").text
        timeline = page[page.index('class="timeline"') : page.index('id="panel"')]
        assert shown in timeline
        assert hidden not in timeline


def test_a_bounce_that_joined_quietly_is_not_shown_as_new_for_ever(
    database: Database, ticket: Ticket, client: TestClient, agent: Agent
) -> None:
    add_message(database, ticket, "not delivered", ago=1, automatic=True, unattended=True)
    with database.write() as unit:
        at = unit.now - timedelta(minutes=20)
        unit.session.get_one(Ticket, ticket.pk).received_at = at
        unit.session.add(TicketSeen(agent_id=agent.pk, ticket_id=ticket.pk, at=at))
    assert 'id="new-line"' not in client.get(f"/tickets/{ticket.key}").text


def test_what_comes_into_an_open_conversation_is_seen_and_what_was_marked_unread_stays_so(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    address = f"/tickets/{ticket.key}/messages"
    client.get(f"/tickets/{ticket.key}", headers=HTMX)
    with database.write() as unit:
        unit.session.get_one(Ticket, ticket.pk).received_at = unit.now + timedelta(minutes=1)
    assert client.get(address, headers=HTMX).headers["hx-trigger"] == "inbox-changed"
    assert "hx-trigger" not in client.get(address, headers=HTMX).headers
    client.post(f"/tickets/{ticket.key}/unread", headers=HTMX)
    assert "hx-trigger" not in client.get(address, headers=HTMX).headers


def test_a_message_passed_on_without_words_shows_what_was_passed_on(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    original = add_message(database, ticket, "荷物が届きません")
    words = {"reply": "", "quoted": "転送された言葉", "forwarded_id": original.pk}
    add_message(database, ticket, "-- 青葉商店", direction="out", **words)
    assert "転送された言葉" in client.get(f"/tickets/{ticket.key}").text

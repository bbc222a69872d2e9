"""What becomes of a mail: a ticket, a message in one, or nothing new."""

from __future__ import annotations

from email.message import EmailMessage

from sqlmodel import select

from helpdesk.intake.pipeline import Outcome
from helpdesk.models import (
    Agent,
    Attachment,
    Customer,
    Event,
    InboundEvent,
    Message,
    Tag,
    Ticket,
    TicketTag,
)
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import close as closing
from helpdesk.tickets import reply
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import mail, only, rows


def test_a_mail_becomes_a_ticket_of_a_new_customer(database: Database, deliver: Deliver) -> None:
    assert deliver("注文した荷物がまだ届きません。", message_id="<a@example.jp>") is Outcome.IMPORTED
    ticket, customer, message = only(database, Ticket), only(database, Customer), only(database, Message)
    assert (customer.name, customer.language) == ("山田 花子", "ja")
    assert (ticket.status, ticket.number, ticket.preview) == ("open", 1, "注文した荷物がまだ届きません。")
    assert (message.direction, message.external_id) == ("in", "a@example.jp")
    assert ticket.waiting_since == message.sent_at
    assert ticket.urgency == sum(reason["points"] for reason in ticket.urgency_reasons)


def test_the_same_bytes_twice_are_one_message(database: Database, deliver: Deliver) -> None:
    raw = mail("二重", message_id="<a@example.jp>")
    assert [deliver(raw=raw), deliver(raw=raw)] == [Outcome.IMPORTED, Outcome.DUPLICATE]
    assert len(rows(database, InboundEvent)) == 1


def test_the_same_mail_by_another_road_is_one_message(database: Database, deliver: Deliver) -> None:
    raw = mail("二つの箱に届いた", message_id="<a@example.jp>")
    assert deliver(raw=raw) is Outcome.IMPORTED
    assert deliver(raw=b"Received: from other.example\r\n" + raw) is Outcome.DUPLICATE
    assert len(rows(database, Message)) == 1


def test_another_mail_with_a_reused_id_is_not_lost(database: Database, deliver: Deliver) -> None:
    deliver("一通目", message_id="<same@example.jp>")
    assert deliver("二通目は別の話", message_id="<same@example.jp>") is Outcome.IMPORTED
    assert len(rows(database, Message)) == 2


def test_our_own_answer_coming_back_as_a_copy_is_a_duplicate(
    database: Database, ticket: Ticket, agent: Agent, files: Files, deliver: Deliver
) -> None:
    with database.write() as unit:
        sent = reply.send(
            unit, unit.session.get_one(Ticket, ticket.pk), by=agent, body="お調べします", files=files
        )
    assert (
        deliver("お調べします", message_id=f"<{sent.external_id}>", sender="support@aoba.example")
        is Outcome.DUPLICATE
    )


def test_a_bounce_marks_our_answer_failed_with_the_servers_words(
    database: Database, ticket: Ticket, agent: Agent, files: Files, deliver: Deliver
) -> None:
    with database.write() as unit:
        sent = reply.send(
            unit, unit.session.get_one(Ticket, ticket.pk), by=agent, body="お調べします", files=files
        )
    assert deliver(raw=_bounce(sent.external_id or "")) is Outcome.IMPORTED
    with database.read() as unit:
        failed = unit.session.get_one(Message, sent.pk)
    assert failed.state == "failed" and "mailbox is full of cats" in (failed.failure or "")
    assert only(database, Ticket).messages_count == 3


def test_an_auto_reply_neither_reopens_nor_waits(
    database: Database, ticket: Ticket, agent: Agent, files: Files, deliver: Deliver
) -> None:
    with database.write() as unit:
        sent = reply.send(
            unit,
            unit.session.get_one(Ticket, ticket.pk),
            by=agent,
            body="完了です",
            files=files,
            close=True,
        )
    deliver(
        "不在です", in_reply_to=f"<{sent.external_id}>", auto_submitted="auto-replied", message_id="<ooo@x>"
    )
    after = only(database, Ticket)
    assert (after.status, after.waiting_since) == ("closed", None)


def test_a_contact_forms_reply_to_is_the_customer(database: Database, deliver: Deliver) -> None:
    deliver("フォームから", sender="support@aoba.example", reply_to="Taro <taro@example.jp>")
    assert only(database, Message).sender["reply_to"] == "taro@example.jp"
    assert only(database, Customer).name == "Taro"


def test_a_writer_who_wants_the_answer_elsewhere_keeps_their_identity(
    database: Database, deliver: Deliver
) -> None:
    deliver("別のアドレスへ", sender="Taro <taro@work.jp>", reply_to="Home <taro@home.jp>")
    assert only(database, Message).sender == {
        "name": "Taro",
        "address": "taro@work.jp",
        "reply_to": "taro@home.jp",
    }


def test_files_and_words_are_kept_and_found(database: Database, deliver: Deliver, files: Files) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = (
        "a@example.jp",
        "返品したい",
        "<f@example.jp>",
    )
    message.set_content("箱が潰れていました。荷物の写真です。")
    message.add_attachment(b"\xff\xd8jpeg", maintype="image", subtype="jpeg", filename="写真.jpg")
    deliver(raw=message.as_bytes())
    attachment, ticket = only(database, Attachment), only(database, Ticket)
    assert files.get(attachment.sha256) == b"\xff\xd8jpeg" and attachment.name == "写真.jpg"
    with database.read() as unit:
        for query in ("返品", "荷物", "ﾆﾓﾂ 返品", "写真.jpg", "箱", "example"):
            assert search.find(unit, query, brand_ids=[ticket.brand_id]) == [ticket.pk], query
        assert search.find(unit, "ﾆｼﾓﾂ 返品", brand_ids=[ticket.brand_id]) == []
        assert search.find(unit, "返品", brand_ids=[ticket.brand_id + 1]) == []


def test_tags_are_reassessed_on_every_customer_message_but_agents_stand(
    database: Database, deliver: Deliver, ticket: Ticket
) -> None:
    deliver(
        "やっぱり返品して返金してください。", in_reply_to="<first@example.jp>", message_id="<r@example.jp>"
    )
    with database.read() as unit:
        names = set(unit.session.exec(select(Tag.name).join(TicketTag, TicketTag.tag_id == Tag.id)))
    assert names & {"refund", "return"}
    assert [event.name for event in rows(database, Event)].count("opened") == 1


def test_an_absurdly_long_id_still_threads(database: Database, deliver: Deliver) -> None:
    endless = b"x" * 900
    deliver(raw=mail("一通目", message_id="<PLACE@x>").replace(b"PLACE", endless))
    deliver(raw=mail("続き", in_reply_to="<PLACE@x>", message_id="<2@x>").replace(b"PLACE", endless))
    assert only(database, Ticket).messages_count == 2


def test_list_mail_wakes_a_closed_ticket_like_any_other(
    database: Database, ticket: Ticket, deliver: Deliver
) -> None:
    with database.write() as unit:
        closing.close(unit, unit.session.get_one(Ticket, ticket.pk), by=None)
    deliver(
        "cancel please",
        list_id="<support.aoba.example>",
        in_reply_to="<first@example.jp>",
        message_id="<g@x>",
    )
    after = only(database, Ticket)
    assert after.status == "open"


def _bounce(original: str) -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: support@aoba.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry, your mail came back.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; hanako@example.jp
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 mailbox is full of cats

--b
Content-Type: message/rfc822

Message-ID: <{original}>
From: support@aoba.example
To: hanako@example.jp
Subject: Re

text
--b--
""".replace("\n", "\r\n").encode()

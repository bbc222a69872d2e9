from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake, Outcome
from helpdesk.models import (
    Attachment,
    ChannelAccount,
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
from helpdesk.tickets import reply
from tests.conftest import StandingClock
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
    database: Database, ticket: Ticket, agent: object, files: Files, deliver: Deliver
) -> None:
    with database.write() as unit:
        sent = reply.send(
            unit, unit.session.get_one(Ticket, ticket.pk), by=agent, body="お調べします", files=files
        )  # type: ignore[arg-type]
    assert (
        deliver("お調べします", message_id=f"<{sent.external_id}>", sender="support@aoba.example")
        is Outcome.DUPLICATE
    )


def test_many_workers_import_one_mail_once(
    database: Database, account: ChannelAccount, intake: Intake
) -> None:
    raw = mail("同時に", message_id="<race@example.jp>")

    def take(copy: int) -> Outcome:
        with database.write() as unit:
            event = journal.record(
                unit, unit.session.get_one(ChannelAccount, account.pk), b"X-Copy: %d\r\n" % copy + raw
            )
        assert event
        return intake.process(event.pk)

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(take, range(12)))
    assert outcomes == [Outcome.DUPLICATE] * 11 + [Outcome.IMPORTED]
    assert len(rows(database, Message)) == len(rows(database, Customer)) == len(rows(database, Ticket)) == 1


def test_mails_of_one_new_customer_at_once_make_one_customer(
    database: Database, account: ChannelAccount, intake: Intake
) -> None:
    def take(number: int) -> Outcome:
        with database.write() as unit:
            raw = mail(f"{number} 通目", message_id=f"<{number}@example.jp>")
            event = journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), raw)
        assert event
        return intake.process(event.pk)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(take, range(12))) == {Outcome.IMPORTED}
    assert len(rows(database, Customer)) == 1
    assert sorted(ticket.number for ticket in rows(database, Ticket)) == list(range(1, 13))


def test_a_mail_without_any_sender_is_quarantined_with_its_reason_and_can_be_retried(
    database: Database, deliver: Deliver, intake: Intake
) -> None:
    assert deliver(raw=b"Subject: who am I\r\n\r\nhello") is Outcome.QUARANTINED
    event = only(database, InboundEvent)
    assert event.state == "quarantined" and "sender" in (event.reason or "") and event.raw.endswith(b"hello")
    assert deliver("次の人") is Outcome.IMPORTED
    with database.write() as unit:
        kept = unit.session.get_one(InboundEvent, event.pk)
        kept.raw = b"From: a@example.com\r\n" + kept.raw
        journal.retry(unit, kept)
    assert intake.drain() == 1
    assert {one.state for one in rows(database, InboundEvent)} == {"done"}


def test_a_lost_database_is_not_the_mails_fault(
    database: Database, account: ChannelAccount, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as unit:
        event = journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), mail("待って"))
    assert event

    def lost() -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server went away"))

    monkeypatch.setattr(database, "read", lost)
    with pytest.raises(OperationalError):
        intake.process(event.pk)
    monkeypatch.undo()
    assert intake.process(event.pk) is Outcome.IMPORTED


def test_a_crashed_workers_events_are_taken_up_after_the_lease(
    database: Database, account: ChannelAccount, intake: Intake, clock: StandingClock
) -> None:
    from helpdesk.store import queue

    with database.write() as unit:
        journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), mail("一度"))
    with database.write() as unit:
        assert queue.claim(unit, InboundEvent, limit=5, lease=intake.lease)  # and then the worker dies
    assert intake.drain() == 0
    clock.advance(seconds=intake.lease.total_seconds() + 1)
    assert intake.drain() == 1
    assert len(rows(database, Message)) == 1


def test_a_bounce_marks_our_answer_failed_with_the_servers_words(
    database: Database, ticket: Ticket, agent: object, files: Files, deliver: Deliver
) -> None:
    with database.write() as unit:
        sent = reply.send(
            unit, unit.session.get_one(Ticket, ticket.pk), by=agent, body="お調べします", files=files
        )  # type: ignore[arg-type]
    assert deliver(raw=_bounce(sent.external_id or "")) is Outcome.IMPORTED
    with database.read() as unit:
        failed = unit.session.get_one(Message, sent.pk)
    assert failed.state == "failed" and "mailbox is full of cats" in (failed.failure or "")
    assert only(database, Ticket).messages_count == 3


def test_an_auto_reply_neither_reopens_nor_waits(
    database: Database, ticket: Ticket, agent: object, files: Files, deliver: Deliver
) -> None:
    with database.write() as unit:
        sent = reply.send(
            unit,
            unit.session.get_one(Ticket, ticket.pk),
            by=agent,
            body="完了です",
            files=files,
            close=True,  # type: ignore[arg-type]
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


def test_files_and_words_are_kept_and_found(database: Database, deliver: Deliver, files: Files) -> None:
    from email.message import EmailMessage

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
            expected = [] if query.startswith("ﾆ") else [ticket.pk]
            assert search.find(unit, query, brand_ids=[ticket.brand_id]) == expected, query
        assert search.find(unit, "返品", brand_ids=[ticket.brand_id + 1]) == []


def test_tags_are_reassessed_on_every_customer_message_but_agents_stand(
    database: Database, deliver: Deliver, ticket: Ticket
) -> None:
    deliver(
        "やっぱり返品して返金してください。", in_reply_to="<first@example.jp>", message_id="<r@example.jp>"
    )
    with database.read() as unit:
        names = set(unit.session.exec(select(Tag.name).join(TicketTag, TicketTag.tag_id == Tag.id)))  # type: ignore[arg-type]
    assert names & {"refund", "return"}
    assert [event.name for event in rows(database, Event)].count("opened") == 1


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

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake, Outcome
from helpdesk.models import (
    Agent,
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
from helpdesk.store import queue, search
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import close as closing
from helpdesk.tickets import reply
from helpdesk.tickets.lock import lock
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
    with database.write() as unit:
        journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), mail("一度"))
    with database.write() as unit:
        assert queue.claim(unit, InboundEvent, limit=5, lease=intake.lease)  # and then the worker dies
    assert intake.drain() == 0
    clock.advance(seconds=intake.lease.total_seconds() + 1)
    assert intake.drain() == 1
    assert len(rows(database, Message)) == 1


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
        names = set(unit.session.exec(select(Tag.name).join(TicketTag, TicketTag.tag_id == Tag.id)))
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


def test_a_mail_that_the_database_refuses_does_not_hold_up_those_behind_it(
    database: Database, account: ChannelAccount, intake: Intake
) -> None:
    words = " ".join(f"{number:x}" * 6 for number in range(10**6, 10**6 + 17_000))
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        raws = [
            mail(words, message_id="<log@x>"),
            mail("長い番号", message_id="<PLACE@x>").replace(b"PLACE", ("漢" * 900).encode()),
            mail("その後", message_id="<c@x>"),
        ]
        journal.record_many(unit, row, [journal.Arrival(raw) for raw in raws])
    while intake.drain():
        pass
    assert {event.state for event in rows(database, InboundEvent)} == {"done"}
    assert len(rows(database, Message)) == 3


def test_an_absurdly_long_id_still_threads(database: Database, deliver: Deliver) -> None:
    endless = b"x" * 900
    deliver(raw=mail("一通目", message_id="<PLACE@x>").replace(b"PLACE", endless))
    deliver(raw=mail("続き", in_reply_to="<PLACE@x>", message_id="<2@x>").replace(b"PLACE", endless))
    assert only(database, Ticket).messages_count == 2


def test_a_full_disk_is_not_the_mails_fault(
    database: Database, account: ChannelAccount, intake: Intake, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"] = "a@example.jp"
    message.set_content("写真です")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    with database.write() as unit:
        event = journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), message.as_bytes())
    assert event

    def full(_files: Files, _content: bytes) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Files, "put", full)
        with pytest.raises(OSError, match="No space"):
            intake.process(event.pk)
    assert intake.process(event.pk) is Outcome.IMPORTED


def test_a_message_that_kills_its_worker_again_and_again_is_set_aside(
    database: Database, account: ChannelAccount, intake: Intake, clock: StandingClock
) -> None:
    with database.write() as unit:
        journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), mail("毒"))
    for _ in range(20):
        with database.write() as unit:
            assert queue.claim(unit, InboundEvent, limit=1, lease=intake.lease)  # and then the worker dies
        clock.advance(hours=1)
    intake.drain()
    event = only(database, InboundEvent)
    assert event.state == "quarantined" and "20 times" in (event.reason or "")
    with database.write() as unit:
        journal.retry(unit, unit.session.get_one(InboundEvent, event.pk))
    assert intake.drain() == 1
    assert only(database, InboundEvent).state == "done"


def test_one_message_that_kills_its_worker_does_not_take_its_neighbours_along(
    database: Database, account: ChannelAccount, intake: Intake, clock: StandingClock
) -> None:
    with database.write() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
        raws = [mail(f"{number}", message_id=f"<{number}@x>") for number in range(5)]
        journal.record_many(unit, row, [journal.Arrival(raw) for raw in raws])
    for _ in range(3):
        with database.write() as unit:
            assert queue.claim(unit, InboundEvent, limit=20, lease=intake.lease)  # and then the worker dies
        clock.advance(hours=1)
    assert [intake.drain() for _ in range(6)] == [1, 1, 1, 1, 1, 0]
    assert {event.state for event in rows(database, InboundEvent)} == {"done"}


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
    assert (after.status, after.unread) == ("open", True)


def test_an_answer_and_a_customers_mail_at_once_leave_the_ticket_open(
    database: Database, account: ChannelAccount, ticket: Ticket, intake: Intake, agent: Agent, files: Files
) -> None:
    """Whichever commits first: the newer words of the customer are never hidden, and every message counts."""

    def answer(number: int) -> None:
        with database.write() as unit:
            row = unit.session.get_one(Ticket, ticket.pk)
            lock(unit, row)
            reply.send(
                unit, row, by=unit.session.get_one(Agent, agent.pk), body=f"返事 {number}", files=files
            )

    def write(number: int) -> None:
        raw = mail(f"質問 {number}", in_reply_to="<first@example.jp>", message_id=f"<{number}@race>")
        with database.write() as unit:
            event = journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), raw)
        assert event and intake.process(event.pk) is Outcome.IMPORTED

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(one, number) for number in range(6) for one in (answer, write)]:
            done.result()
    assert only(database, Ticket).messages_count == 13

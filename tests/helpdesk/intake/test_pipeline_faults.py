"""Mail comes in whatever breaks: workers at once, dead workers, a lost database, a full disk, poison."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest
from sqlalchemy.exc import OperationalError

from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake, Outcome
from helpdesk.models import (
    Agent,
    ChannelAccount,
    Customer,
    InboundEvent,
    Message,
    Ticket,
)
from helpdesk.store import queue
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.tickets.lock import lock
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import mail, only, rows


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


def test_a_full_disk_is_not_the_mails_fault(
    database: Database, account: ChannelAccount, intake: Intake, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
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


class Broken:
    """A model that nobody has foreseen."""

    def classify(self, *_given: object, **_more: object) -> None:
        raise ZeroDivisionError("no such luck")


def test_what_nobody_foresaw_sets_the_message_aside_and_the_next_goes_on(
    database: Database, account: ChannelAccount, files: Files, seal: Seal
) -> None:
    with database.write() as unit:
        event = journal.record(unit, unit.session.get_one(ChannelAccount, account.pk), mail("どうして"))
    assert event
    broken = Intake(database, files, seal, Broken())  # type: ignore[arg-type]
    assert broken.process(event.pk) is Outcome.QUARANTINED
    assert only(database, InboundEvent).reason == "ZeroDivisionError: no such luck"

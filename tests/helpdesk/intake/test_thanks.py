"""Thanks after our answer: the ticket ends without anybody's doing, and the next question wakes it again."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from helpdesk.intake.pipeline import Outcome
from helpdesk.models import Agent, Event, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import close, reply, snooze
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import mail, only, rows

SAID = {"ja": "無事届きました。ありがとうございます。", "en": "Thank you so much, that solved it."}
MORE = {"ja": "ありがとうございます。ただ、まだ届いていません", "en": "Thanks, but it still has not arrived."}


@pytest.fixture
def answered(database: Database, ticket: Ticket, agent: Agent, files: Files, clock: StandingClock) -> Message:
    with database.write() as unit:
        own = unit.session.get_one(Ticket, ticket.pk)
        sent = reply.send(unit, own, by=agent, body="発送しました。", files=files)
        own.first_response_at = unit.now
    clock.advance(minutes=10)
    with database.read() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).status == "pending"
    return sent


def back(deliver: Deliver, sent: Message, text: str, **more: str) -> None:
    assert deliver(text, in_reply_to=f"<{sent.external_id}>", message_id="<t@x>", **more) is Outcome.IMPORTED


def names(database: Database) -> list[str]:
    return [one.name for one in rows(database, Event)]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_thanks_after_an_answer_close_the_ticket_and_nobody_waits(
    database: Database, deliver: Deliver, answered: Message, language: str
) -> None:
    back(deliver, answered, SAID[language])
    ticket = only(database, Ticket)
    assert (ticket.status, ticket.waiting_since, ticket.messages_count) == ("closed", None, 3)
    assert "thanked" in names(database) and "reopened" not in names(database)
    assert SAID[language] in {one.reply.strip() for one in rows(database, Message)}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_thanks_with_a_but_wait_for_an_answer(
    database: Database, deliver: Deliver, answered: Message, language: str
) -> None:
    back(deliver, answered, MORE[language])
    ticket = only(database, Ticket)
    assert ticket.status == "open" and ticket.waiting_since is not None
    assert "thanked" not in names(database)


def test_a_closed_ticket_stays_closed_and_a_question_after_it_wakes_it(
    database: Database, deliver: Deliver, answered: Message, agent: Agent
) -> None:
    with database.write() as unit:
        close.close(unit, unit.session.get_one(Ticket, answered.ticket_id), by=agent)
    back(deliver, answered, SAID["ja"])
    assert only(database, Ticket).status == "closed"
    assert "reopened" not in names(database)
    assert deliver("返品はできますか。", in_reply_to="<t@x>", message_id="<u@x>") is Outcome.IMPORTED
    ticket = only(database, Ticket)
    assert (ticket.status, ticket.messages_count) == ("open", 4)


def test_before_the_first_answer_thanks_are_for_people_to_read(
    database: Database, deliver: Deliver, ticket: Ticket
) -> None:
    assert deliver(SAID["ja"], in_reply_to="<first@example.jp>", message_id="<t@x>") is Outcome.IMPORTED
    now = only(database, Ticket)
    assert (now.status, now.messages_count) == ("open", 2)
    assert now.waiting_since == ticket.waiting_since


def test_who_asked_again_meanwhile_still_waits(
    database: Database, deliver: Deliver, answered: Message
) -> None:
    asked = f"<{answered.external_id}>"
    assert deliver("領収書もください。", in_reply_to=asked, message_id="<q@x>") is Outcome.IMPORTED
    back(deliver, answered, SAID["ja"])
    now = only(database, Ticket)
    assert now.status == "open" and now.waiting_since is not None


def test_a_ticket_that_somebody_meant_to_come_back_to_sleeps_on(
    database: Database, deliver: Deliver, answered: Message, agent: Agent, clock: StandingClock
) -> None:
    with database.write() as unit:
        own = unit.session.get_one(Ticket, answered.ticket_id)
        snooze.until(unit, own, clock.now + timedelta(days=2), by=agent)
        asleep = own.status, own.snoozed_until
    back(deliver, answered, SAID["ja"])
    now = only(database, Ticket)
    assert (now.status, now.snoozed_until) == asleep
    assert "thanked" in names(database)


def test_a_file_is_no_mere_thanks(database: Database, deliver: Deliver, answered: Message) -> None:
    raw = mail(SAID["ja"], in_reply_to=f"<{answered.external_id}>", message_id="<f@x>")
    with_file = message_from_bytes(raw, policy=policy.default)
    with_file.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="broken.png")
    assert deliver(raw=with_file.as_bytes()) is Outcome.IMPORTED
    assert only(database, Ticket).status == "open"

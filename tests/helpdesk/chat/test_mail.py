"""Who has left gets the answers by mail, not too often, and may answer by mail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlmodel import col, select

import classifiers
from helpdesk.chat import mail, tokens, visitors
from helpdesk.chat.accounts import Widget, get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.errors import Conflict, Invalid
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake
from helpdesk.intake.taking import Said, take_many
from helpdesk.models import Agent, Brand, ChannelAccount, ChatLine, Delivery, Event, Message, Ticket, Visitor
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import reply
from helpdesk.tickets.upload import Upload
from helpdesk.work.runner import assemble
from helpdesk.work.schedule import Parts as Work
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import add_widget

HELLO = Hello(language="en", name="Hana", email="hana@example.jp")
Answer = Callable[..., None]


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> Widget:
    account = add_widget(database, brand, seal)
    with database.read() as unit:
        return get_widget(unit, account.address, seal)


@pytest.fixture
def mailbox(database: Database, brand: Brand) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(
            brand_id=brand.pk, kind="email", address="support@aoba.example", name="Aoba", created_at=unit.now
        )
        unit.session.add(account)
        unit.session.flush()
    return account


@pytest.fixture
def work(database: Database, files: Files, seal: Seal, settings: Settings) -> Iterator[Work]:
    yield assemble(database, files, seal, settings, classifiers.builtin())


@pytest.fixture
def write(database: Database, widget: Widget, seal: Seal, work: Work) -> Callable[[str], None]:
    """write("text") -> a message of the one visitor, taken in."""
    token_hash = tokens.hash_of(tokens.new_token(widget.config.key, seal))

    def send(text: str) -> None:
        with database.write() as unit:
            (taken,) = take_many(unit, [Said(widget, HELLO, token_hash, None, f"k-{text[:20]}", text)])
            assert not isinstance(taken, Exception)
        work.intake.drain()

    return send


@pytest.fixture
def answer(database: Database, agent: Agent, files: Files, work: Work) -> Answer:
    def send(*bodies: str, **more: object) -> None:
        for body in bodies:
            with database.write() as unit:
                ticket = unit.session.get_one(Ticket, 1)
                reply.send(unit, ticket, by=agent, body=body, files=files, **more)  # type: ignore[arg-type]
        while asyncio.run(work.courier.drain()):
            pass

    return send


def mails(database: Database) -> list[Message]:
    with database.read() as unit:
        sent = select(Message).where(Message.channel == "email", Message.direction == "out")
        return list(unit.session.exec(sent.order_by(col(Message.id))))


def test_ten_minutes_after_leaving_the_answers_come_by_mail(
    database: Database,
    mailbox: ChannelAccount,
    write: Callable[[str], None],
    answer: Answer,
    clock: StandingClock,
    files: Files,
) -> None:
    write("Where is my parcel?")
    answer("On its way.", "It arrives tomorrow.", attachments=[Upload("map.png", "image/png", b"map")])
    clock.advance(minutes=9, seconds=59)
    assert mail.continue_by_mail(database) == 0
    clock.advance(seconds=2)
    assert mail.continue_by_mail(database) == 1
    (sent,) = mails(database)
    assert [one["address"] for one in sent.to] == ["hana@example.jp"]
    assert sent.text.index("On its way.") < sent.text.index("It arrives tomorrow.")
    assert sent.external_id and sent.external_id.endswith("@aoba.example")
    clock.advance(hours=1)
    assert mail.continue_by_mail(database) == 0
    with database.read() as unit:
        assert unit.session.exec(select(Event).where(Event.name == "continued_by_mail")).one()


def test_mails_are_fifteen_minutes_apart_and_hold_ten_messages(
    database: Database,
    mailbox: ChannelAccount,
    write: Callable[[str], None],
    answer: Answer,
    clock: StandingClock,
) -> None:
    write("hello")
    answer(*(f"answer {number}." for number in range(12)))
    clock.advance(minutes=11)
    assert mail.continue_by_mail(database) == 1
    clock.advance(minutes=14)
    assert mail.continue_by_mail(database) == 0
    clock.advance(minutes=2)
    assert mail.continue_by_mail(database) == 1
    first, second = mails(database)
    assert "answer 9." in first.text and "answer 10." not in first.text
    assert "answer 10." in second.text and "answer 11." in second.text
    assert second.in_reply_to == first.external_id


def test_who_is_there_or_has_read_gets_no_mail(
    database: Database,
    mailbox: ChannelAccount,
    write: Callable[[str], None],
    answer: Answer,
    clock: StandingClock,
) -> None:
    write("hello")
    answer("hi")
    clock.advance(minutes=30)
    with database.write() as unit:
        visitors.keep_alive(unit, [1])
    assert mail.continue_by_mail(database) == 0
    with database.write() as unit:
        visitors.note_read(unit, {1: 2})
    clock.advance(minutes=30)
    assert mail.continue_by_mail(database) == 0


def test_the_answer_by_mail_joins_the_ticket_and_the_chat(
    database: Database,
    mailbox: ChannelAccount,
    write: Callable[[str], None],
    answer: Answer,
    clock: StandingClock,
    work: Work,
) -> None:
    write("hello")
    answer("hi")
    clock.advance(minutes=11)
    mail.continue_by_mail(database)
    (sent,) = mails(database)
    for number, sender in enumerate(("hana@example.jp", "stranger@example.jp")):
        take(database, mailbox, work.intake, number, sender, str(sent.external_id))
    with database.read() as unit:
        assert len(unit.session.exec(select(Ticket)).all()) == 1
        lines = list(unit.session.exec(select(ChatLine).order_by(col(ChatLine.seq))))
    assert [(one.writer, one.text) for one in lines] == [
        ("visitor", "hello"),
        ("agent", "hi"),
        ("mail", "Thank you 0"),
    ]


def take(
    database: Database, mailbox: ChannelAccount, intake: Intake, number: int, sender: str, parent: str
) -> None:
    raw = (
        f"Message-ID: <{number}@example.jp>\r\nFrom: {sender}\r\nTo: support@aoba.example\r\n"
        f"Subject: Re: Your chat\r\nIn-Reply-To: <{parent}>\r\n\r\nThank you {number}\r\n"
    ).encode()
    with database.write() as unit:
        journal.record(unit, unit.session.get_one(ChannelAccount, mailbox.pk), raw)
    assert intake.drain() == 1


def test_a_transcript_tells_all_that_was_said(
    database: Database, mailbox: ChannelAccount, write: Callable[[str], None], answer: Answer, work: Work
) -> None:
    write("Where is my parcel?")
    answer("On its way.")
    with database.write() as unit:
        mail.send_transcript(unit, 1, "other@example.jp")
    (sent,) = mails(database)
    assert "Where is my parcel?" in sent.text and "On its way." in sent.text
    assert sent.to[0]["address"] == "other@example.jp"
    asyncio.run(work.courier.drain())
    with database.read() as unit:
        assert {one.state for one in unit.session.exec(select(Delivery))} == {"sent", "kept"}
    with pytest.raises(Invalid), database.write() as unit:
        mail.send_transcript(unit, 1, "nonsense")


def test_without_a_word_there_is_no_transcript(
    database: Database, mailbox: ChannelAccount, widget: Widget
) -> None:
    with database.write() as unit:
        silent = visitors.create(unit, widget, HELLO, "0" * 64)
    with pytest.raises(Conflict), database.write() as unit:
        mail.send_transcript(unit, silent.pk, "a@example.jp")
    with database.read() as unit:
        assert unit.session.exec(select(Visitor)).one().name == "Hana"

"""Answers leave over a real SMTP server: once where possible, never changed, never silently lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from helpdesk.channels.email.mime import parse_mail
from helpdesk.channels.email.reply_address import ticket_of
from helpdesk.delivery.worker import Courier
from helpdesk.models import ChannelAccount, Delivery, Event, Message, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets.upload import Upload
from tests.conftest import StandingClock
from tests.fakes import smtp
from tests.fakes.fixtures import MakeAccount
from tests.fakes.ports import free_port
from tests.fakes.smtp import Sink
from tests.helpdesk.delivery.conftest import MakeReply


@pytest.fixture
def courier(database: Database, files: Files, seal: Seal, settings: Settings) -> Courier:
    return Courier(database, files, seal, settings)


@pytest.fixture
def drain(courier: Courier) -> Callable[[], int]:
    return lambda: asyncio.run(courier.drain())


@pytest.fixture
def look(database: Database) -> Callable[[Message], tuple[Message, Delivery, Ticket]]:
    """The rows as they are now."""

    def read(message: Message) -> tuple[Message, Delivery, Ticket]:
        with database.read() as unit:
            delivery = unit.session.exec(select(Delivery).where(Delivery.message_id == message.id)).one()
            return (
                unit.session.get_one(Message, message.pk),
                delivery,
                unit.session.get_one(Ticket, message.ticket_id),
            )

    return read


Look = Callable[[Message], tuple[Message, Delivery, Ticket]]
Drain = Callable[[], int]


def test_an_answer_arrives_and_is_marked_sent(
    sink: Sink, make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look, seal: Seal
) -> None:
    message = make_reply(
        make_account(smtp=sink.port), attachments=(Upload("領収書.pdf", "application/pdf", b"%PDF-1.7 \x00"),)
    )
    assert (drain(), drain()) == (1, 0)
    sent, delivery, ticket = look(message)
    assert (sent.state, delivery.state, delivery.lease_until) == ("sent", "sent", None)
    (taken,) = sink.taken
    mail = parse_mail(taken.raw)
    assert (taken.sender, taken.recipients) == ("support@aoba.example", ["hanako@example.jp"])
    assert mail.message_id == message.external_id
    assert mail.subject == "Re: 荷物はいつ届きますか"
    assert mail.text.strip() == "お荷物は明日届きます。"
    assert [(one.name, one.content) for one in mail.attachments] == [("領収書.pdf", b"%PDF-1.7 \x00")]
    assert mail.sender and mail.sender.name == "青葉商店"
    assert ticket_of(mail.reply_to[0].address, seal) == ticket.key


def test_after_greylisting_the_same_bytes_are_sent_again(
    sink: Sink,
    make_account: MakeAccount,
    make_reply: MakeReply,
    drain: Drain,
    look: Look,
    clock: StandingClock,
    database: Database,
) -> None:
    message = make_reply(make_account(smtp=sink.port))
    sink.answers = ["451 4.7.1 greylisted"]
    drain()
    waiting, delivery, _ = look(message)
    assert (waiting.state, delivery.state, delivery.attempts) == ("queued", "queued", 1)
    assert delivery.reason == "451 4.7.1 greylisted"
    first = delivery.raw
    assert drain() == 0
    with database.write() as unit:
        unit.session.get_one(Message, message.pk).text = "changed meanwhile"
    clock.advance(seconds=31)
    assert drain() == 1
    assert [one.raw for one in sink.taken] == [first]
    assert look(message)[0].state == "sent"


def test_a_refusal_is_final_and_brings_the_ticket_back(
    sink: Sink, make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look, database: Database
) -> None:
    message = make_reply(make_account(smtp=sink.port))
    sink.answers_to = {"hanako@example.jp": ["550 5.1.1 no such user here"]}
    drain()
    failed, delivery, ticket = look(message)
    assert (failed.state, delivery.state) == ("failed", "failed")
    assert failed.failure == "hanako@example.jp: 550 5.1.1 no such user here"
    assert ticket.status == "open"
    with database.read() as unit:
        event = unit.session.exec(select(Event).where(Event.name == "delivery_failed")).one()
    assert event.data["reason"] == failed.failure
    assert drain() == 0


def test_a_dead_server_is_tried_for_a_day_then_the_agent_is_told(
    make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look, clock: StandingClock
) -> None:
    message = make_reply(make_account(smtp=free_port()))
    begun, tries = clock.now, 0
    while look(message)[1].state == "queued":
        tries += drain()
        clock.now = max(clock.now, look(message)[1].next_at) + timedelta(seconds=1)
    assert tries == 9
    assert timedelta(hours=20) < clock.now - begun < timedelta(hours=48)
    failed, _, ticket = look(message)
    assert failed.state == "failed"
    assert "cannot be reached" in (failed.failure or "")
    assert ticket.status == "open"


@pytest.mark.parametrize("when", ["drop before", "drop after"])
def test_a_server_that_hangs_up_gets_the_same_mail_again(
    when: str,
    sink: Sink,
    make_account: MakeAccount,
    make_reply: MakeReply,
    drain: Drain,
    look: Look,
    clock: StandingClock,
) -> None:
    message = make_reply(make_account(smtp=sink.port))
    sink.answers = [when]
    drain()
    assert look(message)[1].state == "queued"
    clock.advance(minutes=1)
    drain()
    assert look(message)[0].state == "sent"
    assert {one.raw for one in sink.taken} == {look(message)[1].raw}


def test_without_a_server_the_mail_is_kept_readable(
    make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look
) -> None:
    message = make_reply(make_account())
    drain()
    kept, delivery, _ = look(message)
    assert (kept.state, delivery.state) == ("kept", "kept")
    assert parse_mail(delivery.raw or b"").text.strip() == "お荷物は明日届きます。"


def test_a_wrong_password_shows_on_the_account_and_costs_one_try_for_all(
    make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look, database: Database
) -> None:
    servers = smtp.start(password="right")
    guarded = next(servers)
    account = make_account(smtp=guarded.port, smtp_password="wrong")
    messages = [make_reply(account) for _ in range(3)]
    assert drain() == 3
    servers.close()
    assert len({str(one) for one in guarded.sign_ins}) == len(guarded.sign_ins) / guarded.connections
    assert guarded.connections == 1
    with database.read() as unit:
        row = unit.session.get_one(ChannelAccount, account.pk)
    assert row.sending_state == "failing"
    assert "535" in row.sending_text
    for message in messages:
        delivery = look(message)[1]
        assert delivery.state == "queued"
        assert delivery.next_at - delivery.created_at >= timedelta(minutes=15)


def test_one_accounts_dead_server_holds_up_no_other(
    sink: Sink, make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look
) -> None:
    dead = make_reply(make_account(smtp=free_port(), address="dead@aoba.example"))
    alive = make_reply(make_account(smtp=sink.port))
    drain()
    assert look(dead)[0].state == "queued"
    assert look(alive)[0].state == "sent"


def test_who_has_it_does_not_get_it_again_when_another_has_to_wait(
    sink: Sink,
    make_account: MakeAccount,
    make_reply: MakeReply,
    drain: Drain,
    look: Look,
    clock: StandingClock,
) -> None:
    message = make_reply(make_account(smtp=sink.port), cc=("copy@example.jp",))
    sink.answers_to = {"copy@example.jp": ["451 greylisted"]}
    drain()
    clock.advance(minutes=1)
    drain()
    assert [one.recipients for one in sink.taken] == [["hanako@example.jp"], ["copy@example.jp"]]
    assert look(message)[0].state == "sent"


def test_a_refused_copy_is_told_although_the_customer_has_it(
    sink: Sink, make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look
) -> None:
    message = make_reply(make_account(smtp=sink.port), cc=("copy@example.jp",))
    sink.answers_to = {"copy@example.jp": ["550 unknown"]}
    drain()
    sent, _, ticket = look(message)
    assert (sent.state, sent.failure, ticket.status) == ("sent", "copy@example.jp: 550 unknown", "open")


def test_a_delivery_that_another_worker_took_over_is_left_alone(
    sink: Sink, make_account: MakeAccount, make_reply: MakeReply, courier: Courier, clock: StandingClock
) -> None:
    make_reply(make_account(smtp=sink.port))
    _, slow = courier._begin()
    clock.advance(seconds=121)
    asyncio.run(courier.drain())
    asyncio.run(courier._burst(slow))
    assert len(sink.taken) == 1


def test_a_dead_workers_delivery_is_taken_up_again(
    sink: Sink, make_account: MakeAccount, make_reply: MakeReply, courier: Courier, clock: StandingClock
) -> None:
    make_reply(make_account(smtp=sink.port))
    courier._begin()
    assert asyncio.run(courier.drain()) == 0
    clock.advance(seconds=121)
    assert asyncio.run(courier.drain()) == 1
    assert len(sink.taken) == 1


def test_an_address_that_is_none_is_final(
    sink: Sink, make_account: MakeAccount, make_reply: MakeReply, drain: Drain, look: Look, database: Database
) -> None:
    message = make_reply(make_account(smtp=sink.port))
    with database.write() as unit:
        unit.session.get_one(Message, message.pk).to = [{"name": "x", "address": "a@b\r\nBcc: c@d"}]
    drain()
    assert look(message)[0].state == "failed"
    assert "is not an e-mail address" in (look(message)[0].failure or "")
    assert sink.taken == []


def test_a_worker_killed_before_it_could_write_down_the_answer_sends_nothing_twice(
    sink: Sink,
    make_account: MakeAccount,
    make_reply: MakeReply,
    courier: Courier,
    drain: Drain,
    look: Look,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = make_reply(make_account(smtp=sink.port))

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(courier, "_record", killed)
        with pytest.raises(SystemExit):
            drain()
    assert (len(sink.taken), look(message)[1].state) == (1, "queued")
    clock.advance(hours=1)
    drain()
    assert (len(sink.taken), look(message)[1].state) == (1, "sent")

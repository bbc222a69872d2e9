"""Mailboxes on a real IMAP server are read by themselves, each by one process, through every trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import select

from helpdesk.channels.email.oauth import Tokens
from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.work.credentials import remembering
from helpdesk.work.mailboxes import Mailboxes
from tests.conftest import StandingClock
from tests.fakes import dovecot as dovecot_server
from tests.fakes import tap as taps
from tests.fakes.dovecot import Dovecot
from tests.fakes.fixtures import MakeAccount
from tests.fakes.ports import free_port
from tests.fakes.tap import Tap
from tests.fakes.tokens import TokenServer
from tests.fakes.waiting import until
from tests.helpdesk.work.mails import mail

MakeMailboxes = Callable[[], Mailboxes]


@pytest.fixture
def make_mailboxes(database: Database, seal: Seal, settings: Settings) -> Iterator[MakeMailboxes]:
    """Each one is what one worker process has."""
    made: list[Mailboxes] = []

    def make() -> Mailboxes:
        tokens = Tokens(remembering(database, seal))
        made.append(Mailboxes(database, seal, settings, tokens, pauses=(0.05, 0.2)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def tap(dovecot: Dovecot) -> Iterator[Tap]:
    """The way to the server, which can be cut."""
    yield from taps.start(dovecot.port)


@pytest.fixture
def oauth_dovecot(token_server: TokenServer) -> Iterator[Dovecot]:
    """A server that asks the sign-in server whether a token is good."""
    yield from dovecot_server.start(introspection_url=token_server.url)


@pytest.fixture
def mailboxes(make_mailboxes: MakeMailboxes) -> Mailboxes:
    return make_mailboxes()


def journal(database: Database) -> list[bytes]:
    with database.read() as unit:
        return list(unit.session.exec(select(InboundEvent.raw).order_by(InboundEvent.id)))  # type: ignore[arg-type]


def row(database: Database, account: ChannelAccount) -> ChannelAccount:
    with database.read() as unit:
        return unit.session.get_one(ChannelAccount, account.pk)


def test_mail_is_journalled_as_it_arrives(
    dovecot: Dovecot,
    database: Database,
    make_account: MakeAccount,
    mailboxes: Mailboxes,
    clock: StandingClock,
) -> None:
    account = make_account(imap=dovecot.port, user=dovecot.user)
    dovecot.put(mail(1))
    assert mailboxes.tick() == 1
    until(lambda: row(database, account).state == "ok")
    assert journal(database) == [mail(1)]
    dovecot.put(mail(2))  # the mailbox is looked at every 60 s only: IDLE brings this one
    until(lambda: len(journal(database)) == 2)
    assert row(database, account).last_seen_at == clock.now


def test_where_the_server_knows_no_idle_the_mailbox_is_polled(
    database: Database, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    for server in dovecot_server.start(idle=False):
        mailboxes.poll_seconds = 0.1  # type: ignore[assignment]
        make_account(imap=server.port)
        mailboxes.tick()
        server.put(mail(1))
        until(lambda: len(journal(database)) == 1)
        mailboxes.close()


def test_seven_days_of_downtime_cost_nothing(
    dovecot: Dovecot,
    database: Database,
    make_account: MakeAccount,
    make_mailboxes: MakeMailboxes,
    clock: StandingClock,
) -> None:
    account = make_account(imap=dovecot.port, user=dovecot.user)
    dovecot.put(mail(1))
    before = make_mailboxes()
    before.tick()
    until(lambda: len(journal(database)) == 1)
    before.close()
    clock.advance(days=7)
    dovecot.put(*(mail(n) for n in range(2, 12)))
    after = make_mailboxes()
    after.tick()
    until(lambda: len(journal(database)) == 11)
    until(lambda: row(database, account).state == "ok")
    assert journal(database) == [mail(n) for n in range(1, 12)]


def test_a_renumbered_mailbox_doubles_nothing(
    dovecot: Dovecot, database: Database, make_account: MakeAccount, make_mailboxes: MakeMailboxes
) -> None:
    account = make_account(imap=dovecot.port, user=dovecot.user)
    dovecot.put(mail(1), mail(2))
    before = make_mailboxes()
    before.tick()
    until(lambda: len(journal(database)) == 2)
    before.close()
    dovecot.renumber()
    dovecot.put(mail(3))
    after = make_mailboxes()
    after.tick()
    until(lambda: row(database, account).cursor["INBOX"]["uid"] == 3)
    assert sorted(journal(database)) == [mail(1), mail(2), mail(3)]


def test_every_folder_is_read(
    dovecot: Dovecot, database: Database, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    account = make_account(imap=dovecot.port, user=dovecot.user)
    with database.write() as unit:
        stored = unit.session.get_one(ChannelAccount, account.pk)
        stored.config = {"imap": {**stored.config["imap"], "folders": ["INBOX", "Forms"]}}
    dovecot.put(mail(1), folder="Forms")
    dovecot.put(mail(2))
    mailboxes.tick()
    until(lambda: len(journal(database)) == 2)
    assert set(row(database, account).cursor) == {"INBOX", "Forms"}


def test_a_wrong_password_shows_the_servers_words_until_it_is_corrected(
    dovecot: Dovecot, database: Database, seal: Seal, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    account = make_account(imap=dovecot.port, user=dovecot.user, imap_password="wrong")
    mailboxes.tick()
    until(lambda: row(database, account).state == "failing")
    assert "AUTHENTICATIONFAILED" in row(database, account).state_text
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).secrets = seal.close(
            {"imap_password": dovecot_server.PASSWORD}
        )
    mailboxes.tick()
    until(lambda: row(database, account).state == "ok")
    assert row(database, account).state_text == ""


def test_a_server_that_is_away_is_read_again_when_it_is_back(
    tap: Tap, dovecot: Dovecot, database: Database, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    account = make_account(imap=tap.port, user=dovecot.user)
    mailboxes.tick()
    until(lambda: row(database, account).state == "ok")
    tap.cut()
    dovecot.put(mail(1))
    until(lambda: journal(database) == [mail(1)])
    assert tap.connections == 2


def test_a_mail_that_breaks_the_line_is_set_aside_and_comes_when_the_server_gives_it(
    tap: Tap,
    dovecot: Dovecot,
    database: Database,
    make_account: MakeAccount,
    make_mailboxes: MakeMailboxes,
    clock: StandingClock,
) -> None:
    account = make_account(imap=tap.port, user=dovecot.user)
    dovecot.put(mail(1), mail(2), mail(3))
    tap.poison = (b"Question number 2",)
    before = make_mailboxes()
    before.tick()
    until(lambda: row(database, account).state == "ok")
    assert journal(database) == [mail(1), b"", mail(3)]
    before.close()
    tap.poison = ()
    clock.advance(hours=6)
    make_mailboxes().tick()
    until(lambda: len(journal(database)) == 4)
    assert journal(database)[3] == mail(2)
    with database.read() as unit:
        assert unit.session.exec(select(InboundEvent.state).order_by(InboundEvent.id)).all() == [  # type: ignore[arg-type]
            "queued",
            "ignored",
            "queued",
            "queued",
        ]


def test_an_unreachable_server_is_named(
    database: Database, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    port = free_port()
    account = make_account(imap=port)
    mailboxes.tick()
    until(lambda: row(database, account).state == "failing")
    assert f"127.0.0.1:{port} cannot be reached" in row(database, account).state_text


def test_settings_that_cannot_be_used_are_shown(
    database: Database, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    account = make_account(imap=1)
    with database.write() as unit:
        unit.session.get_one(ChannelAccount, account.pk).config = {"imap": {"host": "h", "port": "many"}}
    assert mailboxes.tick() == 0
    assert "imap.port" in row(database, account).state_text


def test_a_paused_mailbox_is_left_and_a_resumed_one_is_read(
    dovecot: Dovecot, database: Database, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    account = make_account(imap=dovecot.port, user=dovecot.user)
    mailboxes.tick()
    until(lambda: row(database, account).state == "ok")
    for active, reading in ((False, 0), (True, 1)):
        with database.write() as unit:
            unit.session.get_one(ChannelAccount, account.pk).active = active
        assert mailboxes.tick() == reading
    dovecot.put(mail(1))
    until(lambda: len(journal(database)) == 1)


def test_one_process_alone_reads_a_mailbox_and_another_takes_over(
    dovecot: Dovecot,
    database: Database,
    make_account: MakeAccount,
    make_mailboxes: MakeMailboxes,
    clock: StandingClock,
) -> None:
    make_account(imap=dovecot.port, user=dovecot.user)
    first, second = make_mailboxes(), make_mailboxes()
    assert (first.tick(), second.tick()) == (1, 0)
    clock.advance(seconds=100)
    assert (first.tick(), second.tick()) == (1, 0)  # renewed
    clock.advance(seconds=121)  # the first one hangs
    assert second.tick() == 1
    assert first.tick() == 0
    second.close()
    assert first.tick() == 1  # given back


def test_a_silent_server_does_not_hold_up_the_end(
    tap: Tap, dovecot: Dovecot, database: Database, make_account: MakeAccount, mailboxes: Mailboxes
) -> None:
    account = make_account(imap=tap.port, user=dovecot.user)
    mailboxes.tick()
    until(lambda: row(database, account).state == "ok")
    (thread,) = mailboxes._threads.values()
    tap.silence()
    mailboxes.close()
    assert not thread.is_alive()


def test_with_a_good_token_the_mailbox_is_read_and_a_bad_one_is_shown(
    database: Database,
    make_account: MakeAccount,
    make_mailboxes: MakeMailboxes,
    token_server: TokenServer,
    oauth_dovecot: Dovecot,
) -> None:
    token_server.answer = (200, {"access_token": "good", "expires_in": 3600, "refresh_token": "second"})
    oauth_dovecot.put(mail(1))
    account = make_account(imap=oauth_dovecot.port, oauth_refresh_token="first")
    with database.write() as unit:
        stored = unit.session.get_one(ChannelAccount, account.pk)
        stored.config = {**stored.config, "oauth": {"client_id": "c", "token_url": token_server.url}}
    good = make_mailboxes()
    good.tick()
    until(lambda: journal(database) == [mail(1)])
    good.close()
    token_server.answer = (200, {"access_token": "bad"})
    make_mailboxes().tick()
    until(lambda: row(database, account).state == "failing")
    assert "refused the sign-in" in row(database, account).state_text
    assert token_server.asked[-1]["refresh_token"] == "second"

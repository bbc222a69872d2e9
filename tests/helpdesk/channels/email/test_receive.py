"""Reading a real IMAP server: every mail once, whatever the server and the line do."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from imapclient import IMAPClient

from helpdesk.channels.email.receive import LOST, Fetched, Limits, Place, fetch_new, is_news, places
from tests.fakes import tap as taps
from tests.fakes.dovecot import PASSWORD, Dovecot
from tests.fakes.tap import Tap
from tests.helpdesk.work.mails import mail


@dataclass
class Kept:
    """The journal as `fetch_new` sees it: what is kept, with the place, in one step."""

    mails: list[Fetched] = field(default_factory=list)
    place: Place | None = None

    def __call__(self, folder: str, mails: Sequence[Fetched], place: Place) -> None:
        self.mails += mails
        self.place = place

    @property
    def subjects(self) -> list[str]:
        return [one.raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for one in self.mails if one.raw]

    def read(self, client: IMAPClient, **given: Any) -> Place:
        return fetch_new(client, "INBOX", self.place, self, **given)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def tap(dovecot: Dovecot) -> Iterator[Tap]:
    yield from taps.start(dovecot.port)


def through(tap: Tap, user: str) -> IMAPClient:
    client = IMAPClient("127.0.0.1", tap.port, ssl=False, timeout=5)
    client.login(user, PASSWORD)
    return client


def questions(*numbers: int) -> list[str]:
    return [f"Question {number}" for number in numbers]


def test_each_mail_comes_once_in_order_and_as_it_was(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1), mail(2))
    with dovecot.client() as client:
        kept.read(client)
        dovecot.put(mail(3))
        client.noop()
        kept.read(client)
        kept.read(client)
    assert [one.raw for one in kept.mails] == [mail(1), mail(2), mail(3)]
    assert kept.mails[2].meta["uid"] == 3
    assert kept.mails[2].meta["arrived_at"].startswith("20")


def test_the_servers_copy_stays_unread(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1))
    with dovecot.client() as client:
        kept.read(client)
        client.select_folder("INBOX")
        assert client.search("UNSEEN") == [1]


def test_the_servers_copy_is_marked_on_request_after_it_is_kept(dovecot: Dovecot) -> None:
    dovecot.put(mail(1))
    with dovecot.client() as client, dovecot.client() as other:
        seen_while_keeping: list[Any] = []

        def keep(folder: str, mails: Sequence[Fetched], place: Place) -> None:
            other.select_folder("INBOX", readonly=True)
            seen_while_keeping.append(other.search("SEEN"))

        fetch_new(client, "INBOX", None, keep, mark_seen=True)
        other.select_folder("INBOX", readonly=True)
        assert (seen_while_keeping, other.search("SEEN")) == ([[]], [1])


def test_what_a_failing_journal_does_not_keep_comes_again(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1))

    def broken(folder: str, mails: Sequence[Fetched], place: Place) -> None:
        raise RuntimeError("the disk is full")

    with dovecot.client() as client:
        with pytest.raises(RuntimeError):
            fetch_new(client, "INBOX", kept.place, broken)
        kept.read(client)
    assert kept.subjects == questions(1)


def test_a_renumbered_folder_is_read_again_under_the_same_ids(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1), mail(2))
    with dovecot.client() as client:
        before = kept.read(client)
    dovecot.renumber()
    dovecot.put(mail(3))
    with dovecot.client() as client:
        after = kept.read(client)
    assert before.uidvalidity != after.uidvalidity
    assert kept.subjects[:2] == questions(1, 2)
    assert sorted(kept.subjects[2:]) == questions(1, 2, 3)
    assert len({one.external_id for one in kept.mails}) == 3


def test_many_mails_come_in_batches_each_with_its_place(dovecot: Dovecot) -> None:
    dovecot.put(*(mail(n) for n in range(7)))
    steps: list[tuple[int, int]] = []
    with dovecot.client() as client:
        fetch_new(
            client,
            "INBOX",
            None,
            lambda _f, mails, place: steps.append((len(mails), place.uid)),
            limits=Limits(batch=3),
        )
    assert steps == [(3, 3), (3, 6), (1, 7)]


def test_large_mails_make_small_batches(dovecot: Dovecot) -> None:
    dovecot.put(*(mail(n, size=3000) for n in range(4)))
    steps: list[int] = []
    with dovecot.client() as client:
        fetch_new(
            client,
            "INBOX",
            None,
            lambda _f, mails, _p: steps.append(len(mails)),
            limits=Limits(batch_bytes=7000),
        )
    assert steps == [2, 2]


def test_of_a_mail_that_is_too_large_the_words_come(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1), mail(2, size=40_000), mail(3))
    with dovecot.client() as client:
        kept.read(client, limits=Limits(largest=5_000))
    assert kept.subjects == questions(1, 2, 3)
    assert len(kept.mails[1].raw) == 5_000
    assert kept.mails[1].meta["truncated"] > 30_000


def test_mails_before_the_first_day_are_left_alone(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1))
    with dovecot.client() as client:
        kept.read(client, since=date(2999, 1, 1))
        assert kept.mails == []
        kept.read(client, since=date(2001, 1, 1))
    assert kept.subjects == questions(1)


def test_a_line_cut_in_the_middle_of_a_mail_loses_and_doubles_nothing(
    tap: Tap, dovecot: Dovecot, kept: Kept
) -> None:
    dovecot.put(*(mail(n, size=8_000) for n in range(6)))
    tap.cut_after = 30_000
    limits = Limits(batch=2)
    with pytest.raises(LOST), closing(_Shut(through(tap, dovecot.user))) as client:
        kept.read(client.client, limits=limits)
    assert kept.subjects == questions(0, 1)
    with closing(_Shut(through(tap, dovecot.user))) as client:
        kept.read(client.client, limits=limits)
    assert kept.subjects == questions(*range(6))


def test_a_mail_on_which_the_line_always_breaks_is_set_aside(tap: Tap, dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1), mail(2), mail(3))
    tap.poison = (b"Question number 2",)
    breaks = 0
    for _ in range(10):
        try:
            with closing(_Shut(through(tap, dovecot.user))) as client:
                kept.read(client.client, limits=Limits(tries=3))
            break
        except LOST:
            breaks += 1
    assert breaks == 4  # the batch, then three times alone
    assert kept.subjects == questions(1, 3)
    (note,) = [one for one in kept.mails if one.reason]
    assert "folder INBOX, number 2" in (note.reason or "")
    assert note.meta["unfetched"]


class Stubborn:
    """A client whose server refuses one mail, as Exchange does with some of its own."""

    def __init__(self, client: IMAPClient, refused: int) -> None:
        self._client, self._refused = client, refused

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def fetch(self, uids: list[int], data: list[str]) -> Any:
        if self._refused in uids and "BODY.PEEK[]" in data:
            raise imaplib.IMAP4.error("NO [SERVERBUG] internal error")
        return self._client.fetch(uids, data)


def test_a_mail_that_the_server_refuses_holds_up_no_other(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1), mail(2), mail(3))
    with dovecot.client() as client:
        kept.read(Stubborn(client, 2))  # type: ignore[arg-type]
    assert kept.subjects == questions(1, 3)
    assert "SERVERBUG" in (kept.mails[1].reason or "")


def test_a_mail_deleted_meanwhile_is_no_loss(dovecot: Dovecot, kept: Kept) -> None:
    dovecot.put(mail(1), mail(2))

    class Late(Stubborn):
        def search(self, criteria: Any) -> Any:
            found = self._client.search(criteria)
            with dovecot.client() as other:
                other.select_folder("INBOX")
                other.delete_messages([1])
                other.expunge()
            self._client.noop()
            return found

    with dovecot.client() as client:
        kept.read(Late(client, 0))  # type: ignore[arg-type]
    assert kept.subjects == questions(2)
    assert not any(one.reason for one in kept.mails)


def test_a_stored_cursor_comes_back() -> None:
    stored = {"INBOX": {"uidvalidity": 7, "uid": 9}, "odd": 3, "old": {}}
    assert places(stored) == {"INBOX": Place(7, 9)}


def test_still_here_is_no_news() -> None:
    assert not is_news([(b"OK", b"Still here"), (1, b"FETCH", (b"FLAGS", ()))])
    assert is_news([(3, b"EXISTS")])
    assert is_news([(b"BYE", b"shutting down")])


class _Shut:
    """Closes a client whose line may be gone already."""

    def __init__(self, client: IMAPClient) -> None:
        self.client = client

    def close(self) -> None:
        try:
            self.client.shutdown()
        except OSError:
            return

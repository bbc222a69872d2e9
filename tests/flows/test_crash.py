"""Worker processes are killed at random moments; every mail is there once and every answer has left.

HELPDESK_CRASH_N=2000 imports so many mails and sends a quarter as many; without it the numbers are small.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func
from sqlmodel import select

from helpdesk.channels.email.mime import parse_mail
from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Attachment, Brand, ChannelAccount, Delivery, InboundEvent, Message, Ticket
from helpdesk.store.db import Database, utc_now
from helpdesk.store.files import Files
from helpdesk.tickets import reply
from helpdesk.tickets.open import open_ticket
from tests.conftest import SECRET
from tests.fakes.dovecot import Dovecot
from tests.fakes.fixtures import MakeAccount, dovecot, dovecot_process, make_account, sink
from tests.fakes.smtp import Sink
from tests.flows.crash_worker import Instance, work

__all__ = ["dovecot", "dovecot_process", "make_account", "sink"]

IMPORTS = int(os.environ.get("HELPDESK_CRASH_N", "48"))
SENDS = max(IMPORTS // 4, 24)
KILLS = max(IMPORTS // 25, 4)
LONGEST_LIFE = 0.15 + IMPORTS / 4000  # seconds until a worker is killed
PATIENCE = 60 + IMPORTS  # seconds until everything has to be done


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With the real clock: the workers are other processes."""
    database = Database(database_url, clock=utc_now)
    yield database
    database.close()


@dataclass
class Workers:
    """One worker at a time; a killed one is followed by the next."""

    instance: Instance
    done: Callable[[], bool]
    kills: int = 0

    def run(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.flows.crash_worker"])
        end, generation = time.monotonic() + PATIENCE, 0
        while not self.done():
            assert time.monotonic() < end, "the work did not end"
            generation += 1
            started = context.Event()
            process = context.Process(target=work, args=(self.instance, generation, started), daemon=True)
            process.start()
            assert started.wait(30)
            self._live(process, generation, end)
            process.kill()
            process.join()
            process.close()

    def _live(self, process: multiprocessing.process.BaseProcess, generation: int, end: float) -> None:
        """A random moment for the first ones, as long as it takes for the last."""
        if generation <= KILLS:
            time.sleep(random.uniform(0.02, LONGEST_LIFE))
            self.kills += not self.done()
            return
        while not self.done() and process.is_alive() and time.monotonic() < end:
            time.sleep(0.05)


def question(number: int) -> bytes:
    """Every third one with a file."""
    head = (
        f"Message-ID: <q{number}@example.jp>\r\nFrom: 花子 <hanako{number}@example.jp>\r\n"
        f"To: support@aoba.example\r\nSubject: Question {number}\r\nDate: Mon, 05 Jan 2026 12:00:00 +0900\r\n"
    )
    if number % 3:
        return f"{head}\r\nWhere is parcel {number}?\r\n".encode()
    return (
        f'{head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nWhere is {number}?\r\n--b\r\n'
        f'Content-Disposition: attachment; filename="{number}.txt"\r\n\r\nfile {number}\r\n--b--\r\n'
    ).encode()


@pytest.fixture
def answers(
    database: Database, brand: Brand, agent: Agent, files: Files, sink: Sink, make_account: MakeAccount
) -> list[str]:
    """Message-IDs of answers that wait to be sent, by two accounts."""
    accounts = [make_account(smtp=sink.port, address=f"{name}@aoba.example") for name in ("ama", "beni")]
    waiting = []
    for number in range(SENDS):
        with database.write() as unit:
            customer = identify(unit, brand.pk, "email", f"taro{number}@example.jp")
            ticket = open_ticket(
                unit,
                brand,
                customer,
                channel="email",
                account_id=accounts[number % 2].pk,
                subject=f"{number}",
                language="ja",
            )
            message = reply.send(unit, ticket, by=agent, body=f"Answer {number}", files=files)
            waiting.append(str(message.external_id))
    return waiting


def test_after_any_number_of_crashes_every_mail_is_there_once_and_every_answer_has_left(
    database: Database,
    files: Files,
    answers: list[str],
    dovecot: Dovecot,
    sink: Sink,
    make_account: MakeAccount,
    record_property: Callable[[str, object], None],
) -> None:
    account = make_account(imap=dovecot.port, user=dovecot.user)
    dovecot.put(*(question(number) for number in range(IMPORTS)))
    instance = Instance(database.url, str(files.folder.parent), SECRET)

    workers = Workers(instance, lambda: _done(database, account))
    workers.run()

    _assert_every_mail_is_there_once(database, account, files)
    repeated = _assert_every_answer_left_unchanged(database, sink, answers)
    assert repeated <= workers.kills * 2  # at most the mail that each account was just handing over
    record_property("kills", workers.kills)
    record_property("repeated", repeated)
    print(f"{IMPORTS} mails in, {SENDS} out, {workers.kills} kills, {repeated} sent twice")


def _done(database: Database, account: ChannelAccount) -> bool:
    with database.read() as unit:
        imported = unit.session.scalar(
            select(func.count()).where(InboundEvent.account_id == account.id, InboundEvent.state != "queued")
        )
        waiting = unit.session.scalar(select(func.count()).where(Delivery.state == "queued"))
    return imported == IMPORTS and waiting == 0


def _assert_every_mail_is_there_once(database: Database, account: ChannelAccount, files: Files) -> None:
    with database.read() as unit:
        states = Counter(unit.session.scalars(select(InboundEvent.state)))
        messages = list(unit.session.exec(select(Message).where(Message.direction == "in")))
        tickets = unit.session.scalar(
            select(func.count()).select_from(Ticket).where(Ticket.account_id == account.id)
        )
        attachments = list(unit.session.exec(select(Attachment)))
    assert states == {"done": IMPORTS}
    assert sorted(str(one.external_id) for one in messages) == sorted(
        f"q{n}@example.jp" for n in range(IMPORTS)
    )
    assert tickets == IMPORTS
    assert {one.name for one in attachments} == {f"{n}.txt" for n in range(0, IMPORTS, 3)}
    assert len(attachments) == len(range(0, IMPORTS, 3))
    assert all(files.get(one.sha256).startswith(b"file ") for one in attachments)


def _assert_every_answer_left_unchanged(database: Database, sink: Sink, answers: list[str]) -> int:
    """Returns how many were sent again: killed between the server's yes and our writing it down."""
    by_id: dict[str, list[bytes]] = defaultdict(list)
    for one in sink.taken:
        by_id[str(parse_mail(one.raw).message_id)].append(one.raw)
    assert set(by_id) == set(answers)
    assert all(len(set(copies)) == 1 for copies in by_id.values())
    with database.read() as unit:
        assert Counter(unit.session.scalars(select(Delivery.state))) == {"sent": SENDS}
    return len(sink.taken) - len(answers)

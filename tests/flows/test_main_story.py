"""The whole way: a mailbox, the background, an agent's browser, a mail server, and the customer's answer.

Everything is real: Dovecot, an SMTP server, the background loops, the web. Runs on both databases.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.app import build, make_parts
from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Brand, Customer, Delivery, Message, PointsEntry, Ticket
from helpdesk.people import sign_in
from helpdesk.people.passwords import Passwords
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.conftest import SECRET, StandingClock
from tests.fakes.dovecot import Dovecot
from tests.fakes.fixtures import MakeAccount, dovecot, dovecot_process, make_account, sink
from tests.fakes.smtp import Sink
from tests.fakes.waiting import until
from tests.flows import mails
from tests.flows.forms import read_fields
from tests.helpdesk.desk import add_order
from tests.helpdesk.stories import only, rows

__all__ = ["dovecot", "dovecot_process", "make_account", "sink"]

HTMX = {"HX-Request": "true"}
SIGNATURE = "青葉商店 お客様窓口\nhttps://aoba.example"
MACRO = "apology_points_delay"
THANKS = "早速のご連絡ありがとうございます。もう少し待ちます。"


@dataclass
class Desk:
    """A helpdesk at work, seen from outside: its mailbox, its mail server, and an agent's browser."""

    client: TestClient
    database: Database
    dovecot: Dovecot
    sink: Sink
    clock: StandingClock

    def arrives(self, raw: bytes) -> None:
        """A mail comes into the mailbox, and the background files it."""
        before = self._filed()
        self.dovecot.put(raw)
        until(lambda: self._filed() > before)

    def _filed(self) -> int:
        with self.database.read() as unit:
            return len(unit.session.exec(select(Message.id).where(Message.direction == "in")).all())

    def page(self, path: str, **headers: str) -> str:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, path
        return answer.text

    def answers(self, ticket: Ticket) -> bytes:
        """The agent takes the macro, confirms its points, sends and closes. Returns the mail that left."""
        composer = read_fields(self.page(f"/tickets/{ticket.key}"), "reply-form")
        draft = read_fields(self.page(f"/tickets/{ticket.key}/macros/{MACRO}", **HTMX))
        assert draft.unticked["action"] == ["grant_points:500:late_delivery"]  # nobody gives points unawares
        form = {
            **composer.given,
            **draft.given,
            "body": draft.areas["draft-text"],
            "action": draft.given["action"] + draft.unticked["action"],
            "close": "1",
        }
        self.clock.advance(minutes=5)
        answer = self.client.post(f"/tickets/{ticket.key}/reply", data=form, headers=HTMX)
        assert answer.status_code == 200, answer.text
        assert only(self.database, Delivery).state == "queued"  # held for second thoughts
        self.clock.advance(seconds=10)
        until(lambda: self.sink.taken and only(self.database, Delivery).state == "sent")
        return self.sink.taken[0].raw


@pytest.fixture
def customer(database: Database, brand: Brand) -> Customer:
    """Bought something that should have come two days ago."""
    with database.write() as unit:
        unit.session.get_one(Brand, brand.pk).signatures = {"ja": SIGNATURE}
        tag.ensure_tags(unit, brand)
        customer = identify(unit, brand.pk, "email", "hanako@example.jp", name="山田 花子", language="ja")
    shipped = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
    add_order(database, customer.pk, brand, "HK-20391", shipped_at=shipped, expected_on=date(2026, 1, 3))
    return customer


@pytest.fixture
def desk(
    settings: Settings,
    database: Database,
    clock: StandingClock,
    passwords: Passwords,
    agent: Agent,
    customer: Customer,
    dovecot: Dovecot,
    sink: Sink,
    make_account: MakeAccount,
) -> Iterator[Desk]:
    make_account(imap=dovecot.port, smtp=sink.port, user=dovecot.user)
    with database.write() as unit:
        token = sign_in.start(unit, agent, user_agent="tests", days=14)
    parts = make_parts(settings, clock=clock, database=database, passwords=passwords)
    with TestClient(
        build(settings, work=True, parts=parts),
        headers={"sec-fetch-site": "same-origin"},
        cookies={"helpdesk": token},
    ) as client:
        yield Desk(client, database, dovecot, sink, clock)


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """The one that the customer's question has opened."""
    desk.arrives(mails.question())
    return only(desk.database, Ticket)


def test_a_question_from_the_mailbox_stands_in_the_inbox_beside_its_order(desk: Desk, ticket: Ticket) -> None:
    inbox = desk.page("/")
    assert f'data-key="{ticket.key}"' in inbox
    assert "注文番号 HK-20391 の荷物がまだ届きません。" in inbox
    assert "Order status" in inbox
    assert "Urgency" in inbox and ticket.urgency >= 50
    page = desk.page(f"/tickets/{ticket.key}")
    assert "1月3日に届くはずでした。いつ届くのか至急教えてください。" in page
    panel = desk.page(f"/tickets/{ticket.key}/panel")
    assert "HK-20391" in panel
    assert "Delivery is late" in panel
    with desk.database.read() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).order_id is not None


def test_the_answer_leaves_as_a_mail_that_any_client_can_answer(desk: Desk, ticket: Ticket) -> None:
    raw = desk.answers(ticket)
    mail = mails.read(raw)
    assert mail["In-Reply-To"] == mail["References"] == mails.QUESTION_ID
    assert mail["Subject"] == f"Re: {mails.SUBJECT}"
    assert [one.addr_spec for one in mail["From"].addresses] == ["support@aoba.example"]
    (reply_to,) = mail["Reply-To"].addresses
    assert reply_to.addr_spec.startswith(f"support+t_{ticket.key}_")
    for kind in ("plain", "html"):
        said = mails.text_of(mail, kind)
        assert "山田" in said and "HK-20391" in said and "500ポイント" in said
        assert all(line in said for line in SIGNATURE.splitlines())
    (taken,) = desk.sink.taken
    assert (taken.sender, taken.recipients) == ("support@aoba.example", ["hanako@example.jp"])
    (message,) = [one for one in rows(desk.database, Message) if one.direction == "out"]
    assert mail.get_all("Message-ID") == [f"<{message.external_id}>"]
    assert bytes(only(desk.database, Delivery).raw or b"") == raw


def test_the_points_stand_in_the_ledger_and_on_the_timeline(
    desk: Desk, ticket: Ticket, customer: Customer, agent: Agent
) -> None:
    desk.answers(ticket)
    entry = only(desk.database, PointsEntry)
    assert (entry.amount, entry.kind, entry.reason) == (500, "apology", "late_delivery")
    assert (entry.customer_id, entry.ticket_id, entry.agent_id) == (customer.pk, ticket.pk, agent.pk)
    timeline = desk.page(f"/customers/{customer.key}")
    assert "+500" in timeline and "Late delivery" in timeline
    assert "Ticket closed" in timeline
    assert only(desk.database, Ticket).status == "closed"
    assert f'data-key="{ticket.key}"' not in desk.page("/")


@pytest.mark.parametrize("threaded", [True, False], ids=["with its ids", "by the reply address alone"])
def test_the_customers_answer_reopens_the_same_ticket(desk: Desk, ticket: Ticket, threaded: bool) -> None:
    raw = desk.answers(ticket)
    desk.clock.advance(minutes=20)
    desk.arrives(mails.answer_to(raw, THANKS, threaded=threaded))
    again = only(desk.database, Ticket)
    assert (again.key, again.status) == (ticket.key, "open")
    page = desk.page(f"/tickets/{ticket.key}")
    assert THANKS in page
    newest = page.rpartition('<article class="message message-theirs"')[2]
    own, _folded, quoted = newest.partition('<details class="message-quoted"')
    assert "500ポイント" in quoted and "500ポイント" not in own
    assert f'data-key="{ticket.key}"' in desk.page("/")


def test_a_bounce_marks_the_answer_as_failed_in_words(desk: Desk, ticket: Ticket) -> None:
    desk.arrives(mails.bounce_of(desk.answers(ticket)))
    (answer,) = [one for one in rows(desk.database, Message) if one.direction == "out"]
    assert answer.state == "failed"
    assert "mailbox full" in (answer.failure or "")
    page = desk.page(f"/tickets/{ticket.key}")
    assert "Not sent" in page and "552 5.2.2 mailbox full" in page
    assert "Undelivered Mail Returned to Sender" in page
    assert len(rows(desk.database, Ticket)) == 1
    assert len(rows(desk.database, Customer)) == 1  # a mail server is nobody's customer


def test_importing_the_same_mails_from_files_gives_duplicates_alone(
    desk: Desk,
    ticket: Ticket,
    settings: Settings,
    tmp_path: Path,
) -> None:
    raw = desk.answers(ticket)
    thanks = mails.answer_to(raw, THANKS, threaded=True)
    desk.arrives(thanks)
    folder = tmp_path / "mails"
    folder.mkdir()
    for number, one in enumerate((mails.question(), thanks, raw)):
        (folder / f"{number}.eml").write_bytes(one)
    command = [sys.executable, "-m", "helpdesk", "mail", "import", str(folder), "--json"]
    done = subprocess.run(command, env=environment(settings), capture_output=True, text=True, check=True)
    summary = json.loads(done.stdout)
    assert (summary["read"], summary["duplicates"], summary["tickets"]) == (3, 3, 0)


def environment(settings: Settings) -> dict[str, str]:
    """For a command in a process of its own, at the same database."""
    return {
        **os.environ,
        "HELPDESK_DATA": str(settings.data),
        "HELPDESK_DATABASE_URL": settings.database_url,
        "HELPDESK_SECRET_KEY": SECRET,
    }

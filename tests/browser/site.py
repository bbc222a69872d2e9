"""The helpdesk as a process of its own, over a demo shop small enough to be filled in seconds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from sqlmodel import col, select

import classifiers
from helpdesk import mailboxes
from helpdesk.demo.fill import fill
from helpdesk.intake import journal
from helpdesk.models import Agent, ChannelAccount, Ticket
from helpdesk.people import accounts, sign_in
from helpdesk.people.passwords import Passwords
from helpdesk.store import migrate, seal
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from macros import Catalog
from tests.browser.furnish import furnish
from tests.fakes.ports import free_port

PASSWORD = "cedar and cypress"
TOKEN = "a mailbox's token for tests alone"
CUSTOMER = "Live Customer <live@customer.example>"
SCALE = 0.3  # of the demo shop: enough waiting tickets for each test to take one
LEFT = 12  # waiting tickets that no test takes: the inbox is never empty
READERS = tuple(f"{language}-{theme}" for language in ("ja", "en") for theme in ("light", "dark"))
STARTS_WITHIN = 60.0  # seconds


@dataclass
class Site:
    """`tokens` are sign-ins by colleague; `keys` name one customer, ticket … of the shop."""

    url: str
    database: Database
    folder: Path = Path()
    tokens: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    hook: str = ""

    def cookies(self, who: str) -> list[Any]:
        if who in self.tokens:
            return [{"name": "helpdesk", "value": self.tokens[who], "url": self.url, "httpOnly": True}]
        language, _, theme = who.partition("-")
        wanted = {"language": language, "theme": theme}
        return [{"name": name, "value": value, "url": self.url} for name, value in wanted.items() if value]

    def tickets(self, count: int) -> list[Ticket]:
        """Those that wait for an answer, the most urgent first, as the inbox shows them."""
        waiting = select(Ticket).where(
            Ticket.status == "open", Ticket.channel == "email", col(Ticket.waiting_since).is_not(None)
        )
        ranked = waiting.order_by(col(Ticket.urgency).desc(), col(Ticket.waiting_since), col(Ticket.id))
        with self.database.read() as unit:
            return list(unit.session.exec(ranked.limit(count)))

    def take(self) -> Ticket:
        """A waiting ticket for one test alone, the least urgent first; an answered one before they run out."""
        free = [one for one in self.tickets(1000) if one.key not in self.taken]
        if len(free) <= LEFT:
            return self._wake(self.spare())
        self.taken.add(free[-1].key)
        return free[-1]

    def spare(self) -> Ticket:
        """A ticket that is not waiting, for one test alone: there are many more of them."""
        wanted = (
            select(Ticket)
            .where(col(Ticket.status).in_(("pending", "closed")), Ticket.channel == "email")
            .order_by(col(Ticket.id).desc())
        )
        with self.database.read() as unit:
            found = next(one for one in unit.session.exec(wanted) if one.key not in self.taken)
        self.taken.add(found.key)
        return found

    def _wake(self, ticket: Ticket) -> Ticket:
        with self.database.write() as unit:
            found = unit.session.get_one(Ticket, ticket.pk)
            found.status, found.waiting_since, found.snoozed_until = "open", unit.now, None
        return ticket

    def write_in(self, subject: str, text: str, *, sender: str = CUSTOMER, answers: str = "") -> str:
        """A customer's mail, by the mailbox's hook; returns its Message-ID. `answers` is one it replies to."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "shop@hinoki.example", subject
        mail["Message-ID"] = make_msgid(domain="customer.example")
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        mail.set_content(text)
        request = Request(self.hook, data=mail.as_bytes(), headers={"Authorization": f"Bearer {TOKEN}"})
        with urlopen(request, timeout=20) as answer:
            assert answer.status == 202
        return str(mail["Message-ID"])


def start(folder: Path) -> Iterator[Site]:
    """For a fixture: fill, serve, and stop by the process's own number."""
    database = Database(f"sqlite:///{folder / 'helpdesk.sqlite3'}")
    site = Site(f"http://127.0.0.1:{free_port()}", database, folder)
    _fill(site, folder)
    process = _serve(site, folder)
    try:
        yield site
    finally:
        process.terminate()
        process.wait(timeout=20)
        database.close()


def _fill(site: Site, folder: Path) -> None:
    migrate.upgrade(site.database)
    passwords = Passwords(time_cost=1, memory_kib=8, parallelism=1)
    key = seal.load("", folder)
    fill(
        site.database,
        Files(folder / "files"),
        key,
        classifiers.builtin(),
        Catalog.load_builtin(),
        scale=SCALE,
        passwords=passwords,
    )
    _sign_everybody_in(site, passwords.hash(PASSWORD))
    _set_something_aside(site)
    site.keys = furnish(site.database, Files(folder / "files"), key)
    site.hook = _open_hook(site, key)


def _sign_everybody_in(site: Site, password_hash: str) -> None:
    """An administrator for each language and theme, and one agent without any rank."""
    with site.database.write() as unit:
        for who in READERS:
            language, _, theme = who.partition("-")
            name = "森 あかり" if language == "ja" else "Robin Field"
            agent = accounts.create_agent(
                unit,
                email=f"{who}@hinoki.example",
                name=name,
                role="admin",
                language=language,
                password_hash=password_hash,
            )
            agent.theme = theme
            site.tokens[who] = sign_in.start(unit, agent, user_agent="Chromium", days=1)
        emma = unit.session.exec(select(Agent).where(Agent.email == "emma@hinoki.example")).one()
        accounts.set_password(unit, emma, password_hash)
        emma.theme = "light"
        site.tokens["agent"] = sign_in.start(unit, emma, user_agent="Chromium", days=1)


def _set_something_aside(site: Site) -> None:
    with site.database.write() as unit:
        account = unit.session.exec(select(ChannelAccount).where(ChannelAccount.kind == "email")).one()
        event = journal.record(unit, account, b"From: ?\r\n\r\n")
        assert event is not None
        journal.quarantine(unit, event, "nobody is named as its sender")


def _open_hook(site: Site, key: Seal) -> str:
    """The address that takes in a customer's mail; its token is TOKEN."""
    with site.database.write() as unit:
        account = unit.session.exec(select(ChannelAccount).where(ChannelAccount.kind == "email")).one()
        account.secrets = key.close({mailboxes.HOOK_TOKEN: TOKEN})
        return f"{site.url}/hooks/mime/{account.key}"


def _serve(site: Site, folder: Path) -> subprocess.Popen[bytes]:
    port = site.url.rpartition(":")[2]
    command = [sys.executable, "-m", "helpdesk", "serve", "--port", port, "--data", str(folder)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONUTF8": "1"})
    end = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < end:
        try:
            with urlopen(f"{site.url}/readyz", timeout=2):
                return process
        except (URLError, OSError):
            time.sleep(0.05)
    process.terminate()
    process.wait(timeout=20)
    raise RuntimeError((folder / "server.log").read_text())

"""One mailbox, read in a thread of its own: sign in, fetch what is new, wait for news, and again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict

import structlog
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from helpdesk import i18n
from helpdesk.channels.email import receive, sign_in
from helpdesk.channels.email.config import MailboxConfig
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.receive import LOST, Fetched, Place
from helpdesk.errors import HelpdeskError, Rejected
from helpdesk.i18n import gettext as _
from helpdesk.intake import journal
from helpdesk.models import ChannelAccount
from helpdesk.store.db import Database
from helpdesk.work.refetch import refetch

log = structlog.get_logger()

BACK_OFF_SECONDS = (1, 2, 5, 15, 30, 60, 120, 300)
REFUSED_SECONDS = 300  # after a refused sign-in: providers lock accounts that are tried too often


class Mailbox(threading.Thread):
    """Runs until `stop`; every failure is shown on the account and tried again."""

    def __init__(
        self,
        database: Database,
        config: MailboxConfig,
        tokens: Tokens,
        *,
        language: str,
        poll_seconds: float,
        limits: receive.Limits = receive.Limits(),
        pauses: Sequence[float] = BACK_OFF_SECONDS,
    ) -> None:
        super().__init__(name=f"mailbox-{config.account_id}", daemon=True)
        self.database = database
        self.config = config
        self.tokens = tokens
        self.language = language  # of the words that are shown on the account
        self.poll_seconds = poll_seconds
        self.limits = limits
        self.pauses = pauses
        self._stopping = threading.Event()
        self._client: IMAPClient | None = None

    def stop(self) -> None:
        """Ask to end; it signs out within a second unless the server is silent."""
        self._stopping.set()

    def cut(self) -> None:
        """End the line from outside: the thread that waits on it wakes up."""
        if client := self._client:
            sign_in.cut(client)

    def run(self) -> None:
        with i18n.using(self.language):
            self._run()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                self._read_until_it_breaks()
            except Exception as error:  # a thread that dies would leave the mailbox unread
                failures = 1 if time.monotonic() - begun > 300 else failures + 1
                self._stopping.wait(self._show_failure(error, failures))

    def _read_until_it_breaks(self) -> None:
        self._client = client = sign_in.connect(self.config, self.tokens)
        try:
            idles = client.has_capability("IDLE")
            while not self._stopping.is_set():
                self._pass(client)
                self._state("ok", "")
                if refetch(self.database, client, self.config.account_id, self.limits):
                    continue
                if idles and not self._stopping.is_set():
                    sign_in.wait_for_news(client, self.poll_seconds, self._stopping.is_set)
                else:
                    self._stopping.wait(self.poll_seconds)
            sign_in.leave(client)
        finally:
            self._client = None
            sign_in.drop(client)

    def _pass(self, client: IMAPClient) -> None:
        """Every folder once; the first one last, so that IDLE listens there."""
        places = self._places()
        for folder in reversed(self.config.folders):
            receive.fetch_new(
                client,
                folder,
                places.get(folder),
                self.keep,
                since=self.config.since,
                mark_seen=self.config.mark_seen,
                limits=self.limits,
                stopped=self._stopping.is_set,
            )

    def _places(self) -> dict[str, Place]:
        with self.database.read() as unit:
            account = unit.session.get(ChannelAccount, self.config.account_id)
            return receive.places(account.cursor) if account else {}

    def keep(self, folder: str, mails: Sequence[Fetched], place: Place) -> None:
        """Journal the mails and move the cursor in one transaction: neither is there without the other."""
        with self.database.write() as unit:
            account = unit.session.get_one(ChannelAccount, self.config.account_id)
            for mail in mails:
                event = journal.record(unit, account, mail.raw, external_id=mail.external_id, meta=mail.meta)
                if event and mail.reason:
                    journal.quarantine(unit, event, mail.reason)
            account.cursor = {**account.cursor, folder: asdict(place)}
            account.last_seen_at = unit.now

    def _show_failure(self, error: Exception, failures: int) -> float:
        """Put the server's words on the account; returns how long to wait before the next try."""
        pause = self.pauses[min(failures, len(self.pauses)) - 1]
        if isinstance(error, HelpdeskError):
            words = error.text
            wait = REFUSED_SECONDS if isinstance(error, Rejected) else getattr(error, "retry_after", None)
            pause = max(pause, min(wait or 0, self.pauses[-1]))
        elif isinstance(error, (*LOST, IMAPClientError)):
            words = _("the connection to the mail server broke: %(words)s", words=error)
        else:
            log.exception("mailbox_broke", account=self.config.account_id)
            words = f"{type(error).__name__}: {error}"
        if not self._stopping.is_set():
            self._state("failing", words)
        return pause * random.uniform(0.8, 1.3)  # noqa: S311

    def _state(self, state: str, words: str) -> None:
        """Written only when it changes, or once a minute; a database that is away is no reason to stop."""
        try:
            with self.database.write() as unit:
                account = unit.session.get_one(ChannelAccount, self.config.account_id)
                if (account.state, account.state_text) != (state, words):
                    log.info("mailbox_state", address=self.config.address, state=state, reason=words)
                    unit.tell("account_changed", account.brand_id, account=account.pk)
                account.state, account.state_text = state, words
                if state == "ok":
                    account.last_seen_at = unit.now
        except Exception:
            log.exception("mailbox_state_unwritten", account=self.config.account_id)

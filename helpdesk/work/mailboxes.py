"""Keeps one reading thread for each active mailbox, whatever changes in the settings meanwhile."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.channels.email.config import MailboxConfig, mailbox_config
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.receive import Limits
from helpdesk.channels.opening import opened
from helpdesk.errors import HelpdeskError
from helpdesk.models import Brand, ChannelAccount, new_key
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.work import lease
from helpdesk.work.mailbox import BACK_OFF_SECONDS, Mailbox

log = structlog.get_logger()

PATIENCE_SECONDS = 2.0


class Mailboxes:
    """`tick` every few seconds; `close` at the end."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        settings: Settings,
        tokens: Tokens,
        *,
        pauses: Sequence[float] = BACK_OFF_SECONDS,
    ) -> None:
        self.database = database
        self.seal = seal
        self.tokens = tokens
        self.lease = timedelta(seconds=settings.lease_seconds)
        self.poll_seconds = settings.mail_poll_seconds
        self.limits = Limits(largest=settings.max_mail_mb * 1_000_000)
        self.pauses = pauses
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{new_key(6)}"
        self._threads: dict[int, Mailbox] = {}
        self._renewed: dict[int, datetime] = {}

    def tick(self) -> int:
        """Make the threads match the accounts. Returns how many mailboxes are read."""
        wanted = self._wanted()
        for account_id in list(self._threads):
            if not self._keeps(account_id, wanted.get(account_id)):
                self._end([account_id])
        for account_id, config in wanted.items():
            if account_id not in self._threads and self._take(account_id):
                self._start(config)
        return len(self._threads)

    def close(self) -> None:
        self._end(list(self._threads))

    def _wanted(self) -> dict[int, MailboxConfig]:
        with self.database.read() as unit:
            mailboxes = select(ChannelAccount).where(
                ChannelAccount.kind == "email", col(ChannelAccount.active).is_(True)
            )
            rows = list(unit.session.exec(mailboxes))
        configs = [config for row in rows if (config := self._config(row))]
        return {config.account_id: config for config in configs if config.imap}

    def _config(self, row: ChannelAccount) -> MailboxConfig | None:
        """None, with the reason on the account, when its settings cannot be used."""
        try:
            with i18n.using(self._language(row.pk)):
                return mailbox_config(opened(row, self.seal))
        except HelpdeskError as error:
            if row.state_text != error.text:
                self._show(row.pk, error.text)
            return None

    def _keeps(self, account_id: int, config: MailboxConfig | None) -> bool:
        thread = self._threads[account_id]
        return config == thread.config and thread.is_alive() and self._renew(account_id)

    def _renew(self, account_id: int) -> bool:
        due = self._renewed[account_id] + self.lease / 3
        return self.database.clock() < due or self._take(account_id)

    def _take(self, account_id: int) -> bool:
        with self.database.write() as unit:
            taken = lease.take(unit, account_id, self.holder, self.lease)
            self._renewed[account_id] = unit.now
        return taken

    def _start(self, config: MailboxConfig) -> None:
        thread = Mailbox(
            self.database,
            config,
            self.tokens,
            language=self._language(config.account_id),
            poll_seconds=self.poll_seconds,
            limits=self.limits,
            pauses=self.pauses,
        )
        self._threads[config.account_id] = thread
        thread.start()
        log.info("mailbox_started", address=config.address)

    def _language(self, account_id: int) -> str:
        with self.database.read() as unit:
            return unit.session.get_one(
                Brand, unit.session.get_one(ChannelAccount, account_id).brand_id
            ).language

    def _end(self, account_ids: list[int]) -> None:
        """All are asked first, then waited for: ending many takes no longer than ending one."""
        threads = {account_id: self._threads.pop(account_id) for account_id in account_ids}
        for thread in threads.values():
            thread.stop()
        for account_id, thread in threads.items():
            thread.join(PATIENCE_SECONDS)
            thread.cut()
            thread.join(PATIENCE_SECONDS)
            self._give_back(account_id)
            log.info("mailbox_stopped", address=thread.config.address)

    def _give_back(self, account_id: int) -> None:
        """If the database is away, the lease runs out by itself."""
        try:
            with self.database.write() as unit:
                lease.give_back(unit, account_id, self.holder)
        except SQLAlchemyError:
            log.exception("mailbox_lease_kept", account=account_id)

    def _show(self, account_id: int, words: str) -> None:
        with self.database.write() as unit:
            account = unit.session.get_one(ChannelAccount, account_id)
            account.state, account.state_text = "failing", words
            unit.tell("account_changed", account.brand_id, account=account.pk)

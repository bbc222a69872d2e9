"""Files that lie with a provider are fetched at once: their addresses end after minutes or days."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import structlog

from helpdesk.channels.opening import find_opened
from helpdesk.channels.protocol import Account, Fetches, Kind
from helpdesk.channels.sniff import sniff
from helpdesk.errors import HelpdeskError, Rejected, SendFailed, Unavailable
from helpdesk.i18n import gettext as _
from helpdesk.models import ChannelAccount, DroppedFile, MediaFetch, Message
from helpdesk.store import queue
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets.upload import Upload, attach

log = structlog.get_logger()
AT_ONCE = 8
MOST_BYTES = 100_000_000
LEASE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class _Wanted:
    id: int
    ref: str
    name: str
    content_type: str
    sha256: str
    attempts: int
    account: Account


class Media:
    """`kinds` fetch each in their own way; no transaction is open meanwhile."""

    def __init__(self, database: Database, files: Files, seal: Seal, kinds: Mapping[str, Kind]) -> None:
        self.database = database
        self.files = files
        self.seal = seal
        self.kinds = kinds

    async def drain(self) -> int:
        """Fetch what is due, several at a time; returns how many were tried."""
        wanted = await asyncio.to_thread(self._claim)
        await asyncio.gather(*(self._fetch(one) for one in wanted))
        return len(wanted)

    def _claim(self) -> list[_Wanted]:
        with self.database.write() as unit:
            ids = queue.claim(unit, MediaFetch, limit=AT_ONCE, lease=LEASE)
            rows = [unit.session.get_one(MediaFetch, pk) for pk in ids]
            return [one for row in rows if (one := self._wanted(unit, row))]

    def _wanted(self, unit: Unit, row: MediaFetch) -> _Wanted | None:
        account = find_opened(unit.session.get_one(ChannelAccount, row.account_id), self.seal)
        if account is None:
            return None
        return _Wanted(row.pk, row.ref, row.name, row.content_type, row.sha256, row.attempts, account)

    async def _fetch(self, wanted: _Wanted) -> None:
        kind = cast(Fetches, self.kinds[wanted.account.kind])
        try:
            async with asyncio.timeout(LEASE.total_seconds() * 0.8):
                content, told = await kind.fetch(wanted.account, wanted.ref, most=MOST_BYTES)
            if not content:
                raise Unavailable(_("the file came empty"))
            if wanted.sha256 and hashlib.sha256(content).hexdigest() != wanted.sha256:
                raise Unavailable(_("the file came damaged"))
        except TimeoutError:
            await asyncio.to_thread(self._failed, wanted, Unavailable(_("the file took too long to come")))
        except Exception as error:  # of one file: the others are fetched whatever it was
            if not isinstance(error, HelpdeskError):
                log.exception("media_broke", fetch=wanted.id)
                error = Unavailable("%(why)s", why=f"{type(error).__name__}: {error}")
            failed = error if isinstance(error, SendFailed) else Rejected("%(why)s", why=error.text)
            await asyncio.to_thread(self._failed, wanted, failed)
        else:
            kind_of = sniff(content) or told or wanted.content_type or "application/octet-stream"
            await asyncio.to_thread(self._arrived, wanted, Upload(wanted.name, kind_of[:120], content))

    def _arrived(self, wanted: _Wanted, upload: Upload) -> None:
        digest = self.files.put(
            upload.content
        )  # before the transaction: no lock is held while a disk is slow
        with self.database.write() as unit:
            row = unit.session.get(MediaFetch, wanted.id, with_for_update=True)
            if row is None or row.state != "queued":  # taken back meanwhile, or fetched by somebody else
                unit.session.add(DroppedFile(sha256=digest, created_at=unit.now))
                return
            message = unit.session.get_one(Message, row.message_id)
            attach(unit, message, [upload], self.files)
            row.state, row.lease_until, row.reason = "done", None, None
            unit.tell("message_changed", row.brand_id, ticket=message.ticket_id, message=message.pk)

    def _failed(self, wanted: _Wanted, error: SendFailed) -> None:
        log.warning("media_not_fetched", fetch=wanted.id, reason=error.text)
        with self.database.write() as unit:
            row = unit.session.get(MediaFetch, wanted.id, with_for_update=True)
            if row is None or row.state != "queued":
                return
            again = None
            if isinstance(error, Unavailable):
                again = queue.plan_retry(wanted.attempts, unit.now, retry_after=error.retry_after)
            row.lease_until, row.reason = None, error.text
            if again:
                row.next_at = again
                return
            row.state = "failed"
            message = unit.session.get_one(Message, row.message_id)
            lost = [*message.content.get("lost", []), {"name": row.name, "why": error.text}]
            message.content = {**message.content, "lost": lost}
            unit.tell("message_changed", row.brand_id, ticket=message.ticket_id, message=message.pk)

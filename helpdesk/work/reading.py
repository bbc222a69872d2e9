"""What agents have read is told to the providers in the background, where an account is set to do so."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from helpdesk.channels.care import Care
from helpdesk.channels.carers import CARERS
from helpdesk.channels.opening import find_opened
from helpdesk.channels.protocol import Account
from helpdesk.errors import HelpdeskError, Rejected, SendFailed, Unavailable
from helpdesk.models import ChannelAccount, ReadMark
from helpdesk.social import reading
from helpdesk.social.reading import Newest
from helpdesk.store import queue
from helpdesk.store.db import Database, Unit
from helpdesk.store.seal import Seal

log = structlog.get_logger()

AT_ONCE = 8
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Read:
    id: int
    message_id: int
    newest: Newest
    account: Account = field(repr=False)


class Reading:
    """Any number of these may run: telling it twice harms nobody."""

    def __init__(self, database: Database, seal: Seal, carers: Mapping[str, Care] = CARERS) -> None:
        self.database = database
        self.seal = seal
        self.carers = carers

    async def drain(self) -> int:
        claimed = await asyncio.to_thread(self._claim)
        await asyncio.gather(*(self._tell(one) for one in claimed))
        return len(claimed)

    def _claim(self) -> list[_Read]:
        with self.database.write() as unit:
            ids = queue.claim(unit, ReadMark, limit=AT_ONCE, lease=LEASE)
            return [one for pk in ids if (one := self._read(unit, pk))]

    def _read(self, unit: Unit, pk: int) -> _Read | None:
        row = unit.session.get_one(ReadMark, pk, populate_existing=True)
        account = find_opened(unit.session.get_one(ChannelAccount, row.account_id), self.seal)
        return _Read(pk, row.message_id, reading.newest_of(unit, row), account) if account else None

    async def _tell(self, read: _Read) -> None:
        newest, failed = read.newest, None
        try:
            async with asyncio.timeout(LEASE.total_seconds() * 0.8):
                await self.carers[read.account.kind].mark_read(
                    read.account, newest.to, newest.message, newest.token
                )
        except SendFailed as error:
            failed = error
        except TimeoutError:
            failed = Unavailable("no answer")
        except HelpdeskError as error:
            failed = Rejected("%(why)s", why=error.text)
        if failed:
            log.info("reading_not_told", mark=read.id, why=failed.text)
        await asyncio.to_thread(self._settle, read, failed)

    def _settle(self, read: _Read, failed: SendFailed | None) -> None:
        with self.database.write() as unit:
            reading.settle(unit, read.id, read.message_id, failed)

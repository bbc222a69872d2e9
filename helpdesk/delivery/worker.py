"""Claims deliveries, hands each to its channel, and writes down what came of it.

No transaction is open while the network is. The bytes are stored before the first attempt, so that a crash at
any point repeats at most the same mail with the same Message-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from helpdesk import i18n
from helpdesk.channels import registry
from helpdesk.channels.parts import once
from helpdesk.channels.protocol import Account, Kind, Line, Parcel, Receipt
from helpdesk.chat import outgoing as talk
from helpdesk.delivery import outcome, outgoing, spoken
from helpdesk.delivery.sent_log import SentLog
from helpdesk.errors import HelpdeskError, Misconfigured, Rejected, SendFailed, Unavailable
from helpdesk.i18n import gettext as _
from helpdesk.models import Brand, ChannelAccount, Delivery
from helpdesk.store import queue
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import leaving

log = structlog.get_logger()
MOST_BREAKS = 8
ANSWERS = 50  # in one transaction


class Limits(Protocol):
    """What of the settings matters here."""

    @property
    def claim_batch(self) -> int: ...
    @property
    def lease_seconds(self) -> int: ...
    @property
    def base_url(self) -> str: ...


@dataclass(slots=True)
class _Claimed:
    id: int
    account_id: int
    language: str  # the brand's, for the words that are stored
    attempts: int
    until: datetime  # the lease, which proves that nobody else has taken it over
    at_once: bool = False  # said in a conversation of our own: no network is in between


class Courier:
    """Any number of these may run, in any number of processes."""

    def __init__(
        self,
        database: Database,
        files: Files,
        seal: Seal,
        settings: Limits,
        *,
        kinds: Mapping[str, Kind] | None = None,
    ) -> None:
        self.database = database
        self.files = files
        self.seal = seal
        self.kinds = kinds or registry.kinds()
        self.sent = SentLog(files.folder.parent / "sent.log")
        self.batch = settings.claim_batch
        self.public_url = settings.base_url
        self.lease = timedelta(seconds=settings.lease_seconds)

    async def drain(self) -> int:
        """Try every delivery that is due, once. Returns how many were taken."""
        said, claimed = await asyncio.to_thread(self._begin)
        by_account = [list(group) for _account, group in groupby(claimed, key=lambda one: one.account_id)]
        await asyncio.gather(*(self._burst(group) for group in by_account))
        return said + len(claimed)

    def _begin(self) -> tuple[int, list[_Claimed]]:
        """Answers in chats are said together; what is left is claimed in the same transaction."""
        try:
            with self.database.write() as unit:
                return spoken.say_due(unit, limit=ANSWERS), self._claim(unit)
        except Exception as error:  # then each gets its own, and the one that is to blame its words
            log.info("answers_one_by_one", because=type(error).__name__)
            with self.database.write() as unit:
                return 0, self._claim(unit)

    def _claim(self, unit: Unit) -> list[_Claimed]:
        ids = queue.claim(unit, Delivery, limit=self.batch, lease=self.lease)
        rows = [unit.session.get_one(Delivery, pk) for pk in ids]
        languages = {row.pk: unit.session.get_one(Brand, row.brand_id).language for row in rows}
        until = unit.now + self.lease
        claimed = [
            _Claimed(row.pk, row.account_id, languages[row.pk], row.attempts, until, _at_once(unit, row))
            for row in rows
        ]
        return sorted(claimed, key=lambda one: one.account_id)

    async def _burst(self, claimed: Sequence[_Claimed]) -> None:
        """One account's deliveries on one line; when the line is dead the rest waits with the same words."""
        dead: Unavailable | None = None
        async with aclosing(_Lines(self.kinds)) as lines:
            for one in claimed:
                try:
                    with i18n.using(one.language):
                        dead = await self._attempt(one, lines, dead)
                except (
                    Exception
                ) as error:  # one delivery's fault, or the database is away: the lease brings it back
                    log.exception("delivery_broke", delivery=one.id)
                    await self._give_up(one, error)

    async def _attempt(
        self, claimed: _Claimed, lines: _Lines, dead: Unavailable | None
    ) -> Unavailable | None:
        try:
            if claimed.at_once:
                await asyncio.to_thread(self._say, claimed)
                return dead
            job = await asyncio.to_thread(self._prepare, claimed)
            if job is None:
                return dead
            if dead:
                raise dead
            line = lines.to(job.account)
            if line is None:
                await asyncio.to_thread(self._record, outcome.kept, claimed)
                return None
            receipt = self._noted(claimed, job.parcel)
            if receipt is None:
                receipt = await self._send(line, lines, claimed, job.parcel)
        except SendFailed as error:
            await self._failed(claimed, error)
            return error if isinstance(error, Unavailable) and error.data.get("account") else None
        except HelpdeskError as error:
            await self._failed(claimed, _as_failure(error))
        else:
            await asyncio.to_thread(self._record, outcome.answered, claimed, receipt)
        return None

    async def _send(self, line: Line, lines: _Lines, claimed: _Claimed, parcel: Parcel) -> Receipt:
        """Where a provider cannot tell repeats apart, an attempt that was cut off is left to a person."""
        if claimed.attempts > 1 and self.sent.broke_off(parcel):
            self.sent.end(parcel)
            raise once(Unavailable(_("sending was cut off")))
        if parcel.once:
            self.sent.begin(parcel)
        try:
            async with asyncio.timeout(self.lease.total_seconds() * 0.8):
                receipt = await line.send(parcel)
        except TimeoutError as silence:
            await lines.aclose()
            self.sent.end(parcel)
            late = Unavailable(_("the server took too long to answer"))
            raise (once(late) if parcel.once else late) from silence
        except SendFailed:
            self.sent.end(parcel)
            raise
        self.sent.note(parcel, receipt)
        return receipt

    def _prepare(self, claimed: _Claimed) -> outgoing.Job | None:
        """The delivery with its bytes, or None when somebody else has it or it was taken back meanwhile."""
        with self.database.write() as unit:
            delivery = outcome.find_held(unit, claimed.id, claimed.until)
            if delivery is None:
                return None
            if outcome.rests(unit, delivery):
                return None
            delivery.lease_until = claimed.until = unit.now + self.lease
            if delivery.raw is None:
                leaving.begin(unit, delivery)
            return outgoing.job(unit, delivery, self.files, self.seal, self.kinds, public_url=self.public_url)

    def _say(self, claimed: _Claimed) -> None:
        """The line and the note that it was said, in one transaction."""
        with self.database.write() as unit:
            delivery = outcome.find_held(unit, claimed.id, claimed.until)
            if delivery is None or outcome.rests(unit, delivery):
                return
            leaving.begin(unit, delivery)
            job = outgoing.job(unit, delivery, self.files, self.seal, self.kinds)
            outcome.answered(unit, delivery, talk.say(unit, job.parcel))

    def _noted(self, claimed: _Claimed, parcel: Parcel) -> Receipt | None:
        """A worker that was killed may have got an answer that it could not write down."""
        return self.sent.find(parcel) if claimed.attempts > 1 else None

    async def _give_up(self, claimed: _Claimed, error: Exception) -> None:
        """What broke our own code again and again is shown to an agent instead of being tried for ever."""
        if claimed.attempts > MOST_BREAKS and not isinstance(error, SQLAlchemyError):
            await self._failed(claimed, Rejected("%(why)s", why=f"{type(error).__name__}: {error}"))

    async def _failed(self, claimed: _Claimed, error: SendFailed) -> None:
        log.warning(
            "delivery_failed", delivery=claimed.id, final=isinstance(error, Rejected), reason=error.text
        )
        await asyncio.to_thread(self._record, outcome.failed, claimed, error)

    def _record(self, write: outcome.Write, claimed: _Claimed, *facts: object) -> None:
        with self.database.write() as unit:
            if delivery := outcome.find_held(unit, claimed.id, claimed.until):
                write(unit, delivery, *facts)


class _Lines:
    """The line of one account, opened when the first parcel needs it."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._open: Line | None = None

    def to(self, account: Account) -> Line | None:
        if self._open is None:
            self._open = self._kinds[account.kind].open(account)
        return self._open

    async def aclose(self) -> None:
        line, self._open = self._open, None
        if line:
            await line.close()


def _at_once(unit: Unit, delivery: Delivery) -> bool:
    return unit.session.get_one(ChannelAccount, delivery.account_id).kind in registry.CONVERSATIONAL


def _as_failure(error: HelpdeskError) -> SendFailed:
    """A wrong setting waits for its correction; anything else (a lost file, say) is final."""
    if isinstance(error, Misconfigured):
        return Unavailable("%(why)s", why=error.text, account=True)
    return Rejected("%(why)s", why=error.text)


__all__ = ["Courier", "Parcel"]

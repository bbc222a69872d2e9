"""What is done for accounts at providers again and again: is it alive, its token, its quota, its templates."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.channels.care import CHECK, QUOTA, RENEW, TEMPLATES, Care, Renewal, Standing, Template
from helpdesk.channels.care import Quota as Left
from helpdesk.channels.carers import CARERS
from helpdesk.channels.opening import opened
from helpdesk.channels.protocol import Account
from helpdesk.errors import HelpdeskError, Unavailable
from helpdesk.i18n import gettext as _
from helpdesk.models import AccountDuty, Brand, ChannelAccount, Delivery, MediaFetch
from helpdesk.settings import Settings
from helpdesk.social import accounts, duties, quota, renewal, templates
from helpdesk.store import queue
from helpdesk.store.db import Database, Unit
from helpdesk.store.seal import Seal

log = structlog.get_logger()

AT_ONCE = 8
LEASE = timedelta(minutes=3)
EVERY = {
    CHECK: timedelta(minutes=15),
    QUOTA: timedelta(hours=1),
    TEMPLATES: timedelta(hours=1),
}
AGAIN_SECONDS = (60, 120, 300, 600, 1800, 3600)
PAUSES = (0.2, 1, 5, 20)  # seconds between tries to keep a token
BLIPS = 2  # failures in a row that may be the network's

Learned = Standing | Left | Renewal | list[Template] | None


@dataclass(slots=True)
class _Claimed:
    id: int
    duty: str
    attempts: int
    until: datetime  # the lease
    language: str
    hook: str  # our address for its calls
    account: Account = field(repr=False)


class Caretaker:
    """Any number of these may run, in any number of processes. No transaction is open while a provider is asked."""

    def __init__(
        self, database: Database, seal: Seal, settings: Settings, carers: Mapping[str, Care] = CARERS
    ) -> None:
        self.database = database
        self.seal = seal
        self.settings = settings
        self.carers = carers

    async def drain(self) -> int:
        """Do what is due, several at a time; returns how many were done."""
        claimed = await asyncio.to_thread(self._begin)
        await asyncio.gather(*(self._do(one) for one in claimed))
        return len(claimed)

    def _begin(self) -> list[_Claimed]:
        self._match()
        with self.database.write() as unit:
            ids = queue.claim(unit, AccountDuty, limit=AT_ONCE, lease=LEASE)
            return [one for pk in ids if (one := self._claimed(unit, pk))]

    def _match(self) -> None:
        """The book has what the accounts' settings ask for."""
        with self.database.read() as unit:
            wanted = select(ChannelAccount).where(col(ChannelAccount.kind).in_(list(self.carers)))
            rows = list(unit.session.exec(wanted))
            booked = duties.list_of(unit, [row.pk for row in rows])
            differing = [
                (row.pk, self._wanted(row))
                for row in rows
                if {name for name, one in booked[row.pk].items() if one.state == "queued"}
                != self._wanted(row)
            ]
        for pk, names in differing:
            with self.database.write() as unit:
                duties.match(unit, unit.session.get_one(ChannelAccount, pk), names)

    def _wanted(self, row: ChannelAccount) -> frozenset[str]:
        if not row.active:
            return frozenset()
        try:
            return self.carers[row.kind].duties(opened(row, self.seal))
        except HelpdeskError:  # sealed with another key: nothing can be asked
            return frozenset()

    def _claimed(self, unit: Unit, pk: int) -> _Claimed | None:
        duty = unit.session.get_one(AccountDuty, pk, populate_existing=True)
        row = unit.session.get_one(ChannelAccount, duty.account_id)
        until = unit.now + LEASE
        duty.next_at = until  # earlier again when somebody hastens it meanwhile
        duty.asked_at = unit.now
        return _Claimed(
            pk,
            duty.duty,
            duty.attempts,
            until,
            unit.session.get_one(Brand, duty.brand_id).language,
            accounts.hook_url(self.settings, row),
            opened(row, self.seal),
        )

    async def _do(self, claimed: _Claimed) -> None:
        with i18n.using(claimed.language):
            try:
                async with asyncio.timeout(LEASE.total_seconds() * 0.8):
                    learned = await self._ask(claimed)
                if isinstance(learned, Renewal):
                    learned = await self._kept(claimed, learned)
                await asyncio.to_thread(self._succeeded, claimed, learned)
            except TimeoutError:
                error = Unavailable(_("the provider took too long to answer"))
                await asyncio.to_thread(self._failed, claimed, error)
            except HelpdeskError as error:
                await asyncio.to_thread(self._failed, claimed, error)
            except Exception as error:  # what we did not expect of an answer is no reason to stop the others
                log.exception("care_broke", duty=claimed.duty, account=claimed.account.id)
                words = f"{type(error).__name__}: {error}"
                await asyncio.to_thread(self._failed, claimed, Unavailable("%(why)s", why=words))

    async def _ask(self, claimed: _Claimed) -> Learned:
        care, account = self.carers[claimed.account.kind], claimed.account
        if claimed.duty == CHECK:
            return await care.check(account)
        if claimed.duty == QUOTA:
            return await care.quota(account)
        if claimed.duty == RENEW:
            return await care.renew(account, self.database.clock())
        return list(await care.templates(account))

    async def _kept(self, claimed: _Claimed, renewed: Renewal) -> Renewal | None:
        """By itself and first of all: the token before it may be dead already. None when others were quicker."""
        for pause in (*PAUSES, None):
            try:
                return await asyncio.to_thread(self._keep, claimed, renewed)
            except SQLAlchemyError:  # the database may be away for a moment
                if pause is None:
                    raise
                log.exception("token_not_kept", account=claimed.account.id, again_in=pause)
                await asyncio.sleep(pause)
        return None

    def _keep(self, claimed: _Claimed, renewed: Renewal) -> Renewal | None:
        with self.database.write() as unit:
            if renewal.keep(unit, self.seal, claimed.account, renewed):
                return renewed
            duties.hasten(unit, claimed.account.id, RENEW, unit.now)
        log.info("renewed_by_somebody_else", account=claimed.account.id)
        return None

    def _succeeded(self, claimed: _Claimed, learned: Learned) -> None:
        with self.database.write() as unit:
            account = _hold(unit, claimed)
            row = self._held(unit, claimed)
            if row is None:
                return
            facts = self._learned(unit, account, claimed, learned)
            recovered = row.standing == "failing"
            if recovered or (facts is not None and facts != row.data):
                unit.tell("account_changed", row.brand_id, account=row.account_id)
            row.data = row.data if facts is None else facts
            row.standing, row.text, row.attempts, row.failing_since = "ok", "", 0, None
            row.done_at, row.lease_until = unit.now, None
            if row.next_at >= claimed.until:
                row.next_at = self._next(claimed.duty, learned, unit.now)
            if claimed.duty == CHECK and (recovered or account.sending_state == "failing"):
                _proved(unit, account)
            elif claimed.duty == RENEW and isinstance(learned, Renewal) and learned.secrets:
                log.info("token_renewed", account=account.pk, until=learned.until)
                duties.hasten(unit, account.pk, CHECK, unit.now)

    def _learned(
        self, unit: Unit, account: ChannelAccount, claimed: _Claimed, learned: Learned
    ) -> dict[str, Any] | None:
        """What of it is kept with the duty; None keeps what there is."""
        if isinstance(learned, Standing):
            told = {"name": learned.name, "hook": learned.hook, "complaint": learned.complaint}
            return {**told, "ours": claimed.hook, "facts": dict(learned.facts)}
        if isinstance(learned, Left):
            return dict(quota.facts(learned))
        if isinstance(learned, Renewal):
            return {"until": learned.until.isoformat() if learned.until else None}
        if isinstance(learned, list):
            return {"count": templates.keep(unit, account, learned)}
        return None

    def _next(self, duty: str, learned: Learned, now: datetime) -> datetime:
        if duty == RENEW:
            return renewal.plan_next(learned.until if isinstance(learned, Renewal) else None, now)
        return now + EVERY[duty]

    def _failed(self, claimed: _Claimed, error: HelpdeskError) -> None:
        """Shown once it is no blip any more; asked again sooner than in good times, then ever more seldom."""
        blip = isinstance(error, Unavailable) and not error.data.get("account") and claimed.attempts <= BLIPS
        log.warning("care_failed", duty=claimed.duty, account=claimed.account.id, blip=blip, why=error.text)
        with self.database.write() as unit:
            _hold(unit, claimed)
            row = self._held(unit, claimed)
            if row is None:
                return
            row.lease_until = None
            if row.next_at >= claimed.until:
                row.next_at = plan_again(claimed.attempts, unit.now, error)
            if blip:
                return
            if (row.standing, row.text) != ("failing", error.text):
                unit.tell("account_changed", row.brand_id, account=row.account_id)
            row.standing, row.text = "failing", error.text
            row.data = {**row.data, "away": isinstance(error, Unavailable) and not error.data.get("account")}
            row.failing_since = row.failing_since or unit.now

    def _held(self, unit: Unit, claimed: _Claimed) -> AccountDuty | None:
        """None when the lease was over before the answer came, and somebody else has taken it up."""
        row = unit.session.get(AccountDuty, claimed.id, with_for_update=True, populate_existing=True)
        return row if row is not None and row.lease_until == claimed.until else None


def _hold(unit: Unit, claimed: _Claimed) -> ChannelAccount:
    """The account before its duties, in the order in which delivery takes them: nobody waits in a circle."""
    return unit.session.get_one(
        ChannelAccount, claimed.account.id, with_for_update=True, populate_existing=True
    )


def plan_again(attempts: int, now: datetime, error: HelpdeskError) -> datetime:
    """After `attempts` failures in a row."""
    wait = AGAIN_SECONDS[min(max(attempts, 1), len(AGAIN_SECONDS)) - 1]
    asked = (error.retry_after if isinstance(error, Unavailable) else None) or 0
    return now + timedelta(seconds=max(wait, asked))


def _proved(unit: Unit, account: ChannelAccount) -> None:
    """The credentials are good (again): what waited for that leaves at once."""
    account.sending_state, account.sending_text = "ok", ""
    for table in (Delivery, MediaFetch):
        unit.session.execute(
            update(table)
            .where(
                col(table.account_id) == account.pk,
                col(table.state) == "queued",
                col(table.attempts) > 0,
                col(table.lease_until).is_(None),
            )
            .values(next_at=unit.now)
            .execution_options(synchronize_session=False)
        )
    for name in ("delivery_queued", "media_queued", "account_changed"):
        unit.tell(name, account.brand_id, account=account.pk)

"""Profiles of those who write are asked of the providers in the background; their pictures are kept as files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import structlog

from helpdesk.channels.care import Care, Profile
from helpdesk.channels.carers import CARERS
from helpdesk.channels.opening import find_opened
from helpdesk.channels.protocol import Account, Fetches, Kind
from helpdesk.channels.sniff import sniff
from helpdesk.errors import HelpdeskError, Rejected, Unavailable
from helpdesk.models import ChannelAccount
from helpdesk.social import profiles
from helpdesk.social.profiles import Asked
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal

log = structlog.get_logger()

AT_ONCE = 8
NEVER = 99  # attempts after which it waits until they write again
LEASE = timedelta(minutes=3)
MOST_BYTES = 3_000_000
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")


@dataclass(frozen=True, slots=True)
class _Wanted:
    asked: Asked
    account: Account = field(repr=False)


class People:
    """Any number of these may run. A message is never kept waiting for them."""

    def __init__(
        self,
        database: Database,
        files: Files,
        seal: Seal,
        kinds: Mapping[str, Kind],
        carers: Mapping[str, Care] = CARERS,
    ) -> None:
        self.database = database
        self.files = files
        self.seal = seal
        self.kinds = kinds
        self.carers = carers

    async def drain(self) -> int:
        """Ask for those that are due, several at a time; returns how many were asked for."""
        wanted = await asyncio.to_thread(self._claim)
        await asyncio.gather(*(self._ask(one) for one in wanted))
        return len(wanted)

    def _claim(self) -> list[_Wanted]:
        with self.database.write() as unit:
            claimed = profiles.claim(unit, limit=AT_ONCE, lease=LEASE)
            return [one for asked in claimed if (one := self._wanted(unit, asked))]

    def _wanted(self, unit: Unit, asked: Asked) -> _Wanted | None:
        account = find_opened(unit.session.get_one(ChannelAccount, asked.account_id), self.seal)
        return _Wanted(asked, account) if account else None

    async def _ask(self, wanted: _Wanted) -> None:
        if not self.carers[wanted.account.kind].duties(wanted.account):  # nothing to ask with is entered yet
            await asyncio.to_thread(self._put_off, replace(wanted.asked, attempts=NEVER), None)
            return
        try:
            async with asyncio.timeout(LEASE.total_seconds() * 0.8):
                profile = await self.carers[wanted.account.kind].profile(wanted.account, wanted.asked.address)
                picture = await self._picture(wanted.account, profile)
        except Rejected as error:  # not a friend, or gone: there is nobody to be asked about
            log.info("profile_unknown", contact=wanted.asked.id, why=error.text)
            await asyncio.to_thread(self._keep, wanted.asked, None, None)
        except (HelpdeskError, TimeoutError) as error:
            await asyncio.to_thread(self._put_off, wanted.asked, error)
        except Exception as error:  # an answer that nobody expected
            log.exception("profile_broke", contact=wanted.asked.id)
            await asyncio.to_thread(self._put_off, wanted.asked, error)
        else:
            await asyncio.to_thread(self._keep, wanted.asked, profile, picture)

    async def _picture(self, account: Account, profile: Profile | None) -> str | None:
        """Its name in the file store; None when it cannot be had, which is no reason to do without the name."""
        if profile is None or not profile.picture:
            return None
        kind = cast(Fetches, self.kinds[account.kind])
        try:
            content, _told = await kind.fetch(account, profile.picture, most=MOST_BYTES)
        except HelpdeskError as error:
            log.info("picture_not_fetched", account=account.id, why=error.text)
            return None
        if sniff(content) not in PICTURES:
            return None
        return await asyncio.to_thread(self.files.put, content)

    def _keep(self, asked: Asked, profile: Profile | None, picture: str | None) -> None:
        with self.database.write() as unit:
            profiles.keep(unit, asked, profile, picture)

    def _put_off(self, asked: Asked, error: Exception | None) -> None:
        wait = error.retry_after if isinstance(error, Unavailable) else None
        with self.database.write() as unit:
            again = profiles.put_off(unit, asked, retry_after=wait)
        log.info("profile_put_off", contact=asked.id, again=again, why=str(error or "no credentials"))

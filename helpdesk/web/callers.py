"""The accounts that providers call, kept in memory for a moment: hundreds of calls a second need no query for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from helpdesk.channels.webhook import Call, Webhook
from helpdesk.events import Happened
from helpdesk.social import accounts, duties
from helpdesk.social.secrets import in_force
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal

FRESH = 10.0  # seconds; another process may have changed it
MOST_KEPT = 500
NOTED_AGAIN = 30.0  # seconds
CHANGES = frozenset(("account_saved", "account_changed"))


@dataclass(frozen=True, slots=True)
class Caller:
    """An account as a call needs it. Never log one."""

    id: int
    brand_id: int
    kind: str
    address: str
    secrets: Mapping[str, Any] = field(repr=False)

    def proves(self, hook: Webhook, call: Call, now: datetime) -> bool:
        return hook.genuine(in_force(self.secrets, now), call)


class Callers:
    """One for each process; from any thread."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal
        self._kept: dict[tuple[str, str], tuple[float, Caller]] = {}
        self._refused: dict[int, float] = {}  # account -> when this process noted that a call proved nothing
        database.listeners.append(self._hear)

    def find_kept(self, kind: str, key: str) -> Caller | None:
        until, found = self._kept.get((kind, key), (0.0, None))
        return found if time.monotonic() < until else None

    def find(self, kind: str, key: str, *, fresh: bool = False) -> Caller | None:
        """`fresh` past the memory: what did not prove itself may be signed with a secret of this moment."""
        if not fresh and (found := self.find_kept(kind, key)):
            return found
        with self._database.read() as unit:
            account = accounts.find_by_key(unit, kind, key)
            if account is None:
                self._kept.pop((kind, key), None)
                return None
            opened = self._seal.open(account.secrets)
            found = Caller(account.pk, account.brand_id, account.kind, account.address, opened)
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[kind, key] = (time.monotonic() + FRESH, found)
        return found

    def refuse(self, caller: Caller) -> None:
        """A call that proved nothing, noted seldom: whoever sends many of them shall not make us write."""
        if time.monotonic() < self._refused.get(caller.id, 0.0):
            return
        self._refused[caller.id] = time.monotonic() + NOTED_AGAIN
        with suppress(SQLAlchemyError), self._database.write() as unit:
            duties.refuse(unit, caller.id, caller.brand_id)

    def list_at(self, kind: str, address: str) -> list[Caller]:
        """Those that have this name at their provider, of whatever brand."""
        with self._database.read() as unit:
            found = accounts.list_at(unit, kind, address)
            return [
                Caller(one.pk, one.brand_id, one.kind, one.address, self._seal.open(one.secrets))
                for one in found
            ]

    def _hear(self, happened: list[Happened]) -> None:
        if CHANGES & {one.name for one in happened}:
            self._kept.clear()

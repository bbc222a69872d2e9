"""Where providers' calls are written down: many in one transaction, each acknowledged after the commit."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from helpdesk.intake import faults, journal
from helpdesk.intake.journal import Told
from helpdesk.social import accounts
from helpdesk.store.db import Database, Unit

AT_ONCE = 100  # calls in one transaction
HEARD_AGAIN = 10.0  # seconds after which it is noted again that an account's provider calls

Result = Future[list[int]]


class Door:
    """One for each process; from any loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, "door")
        self._guard = threading.Lock()
        self._waiting: list[tuple[Sequence[Told], Result]] = []
        self._busy = False
        self._heard: dict[int, float] = {}

    async def take(self, told: Sequence[Told]) -> list[int]:
        """How many events of each part are new. Durable when this returns; raises when the database is away."""
        result: Result = Future()
        with self._guard:
            self._waiting.append((told, result))
            idle, self._busy = not self._busy, True
        if idle:
            self._thread.submit(self._write_down)
        return await asyncio.shield(asyncio.wrap_future(result))

    def close(self) -> None:
        self._thread.shutdown()

    def _write_down(self) -> None:
        """Until nobody waits: whoever comes meanwhile is in the next transaction."""
        while True:
            with self._guard:
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                self._busy = bool(batch)
            if not batch:
                return
            self._write(batch)

    def _write(self, batch: Sequence[tuple[Sequence[Told], Result]]) -> None:
        calls = [one for told, _ in batch for one in told]
        try:
            with self._database.write(first=True) as unit:
                new = journal.record_calls(unit, calls)
                self._hear(unit, calls)
        except Exception as error:
            if len(batch) > 1 and not faults.surroundings_fault(error):
                for one in batch:  # so that one that cannot be kept spoils no other
                    self._write([one])
                return
            for _, result in batch:
                result.set_exception(error)
            return
        self._heard |= dict.fromkeys((one.account_id for one in calls), time.monotonic())
        for told, result in batch:
            result.set_result(new[: len(told)])
            new = new[len(told) :]

    def _hear(self, unit: Unit, calls: Sequence[Told]) -> None:
        since = time.monotonic() - HEARD_AGAIN
        for account_id in sorted({one.account_id for one in calls}):
            if self._heard.get(account_id, -HEARD_AGAIN) < since:
                accounts.heard(unit, account_id)

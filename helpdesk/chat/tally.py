"""Counts of campaigns and flows of one process, kept in memory for a few seconds and then written together.

A crash may lose the last seconds of them; the conversations themselves never pass here.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date
from threading import Lock
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from helpdesk.channels.chat.flows import TICKET
from helpdesk.chat import counts
from helpdesk.chat.accounts import Widget
from helpdesk.chat.counts import CAMPAIGN, FLOW, Answered, Counted
from helpdesk.store.db import Database

log = structlog.get_logger()

EVERY = 5.0  # seconds
MOST_KEPT = 20_000  # different things; more while the database is away are let go


class Tally:
    """From any thread."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = Lock()
        self._counted: Counter[Counted] = Counter()
        self._answered: set[Answered] = set()

    def saw(self, widget: Widget, campaign: str, step: str) -> None:
        """A campaign was shown or clicked."""
        if counts.knows_campaign(widget.config, campaign, step):
            self._count(Counted(widget.id, CAMPAIGN, campaign, step, "", self._day(widget)))

    def walked(self, widget: Widget, flow: str, step: str, before: str = "") -> None:
        """Somebody came to a step, or got their answer there."""
        if counts.knows_step(widget.config, flow, step, before):
            self._count(Counted(widget.id, FLOW, flow, step, before, self._day(widget)))

    def wrote(
        self, widget: Widget, visitor_id: int, *, campaign: str = "", flow: str = "", path: Sequence[str] = ()
    ) -> None:
        """A new message that came of a campaign or out of a flow."""
        if campaign and counts.knows_campaign(widget.config, campaign):
            now = self.database.clock()
            answer = Answered(widget.id, campaign, visitor_id, self._day(widget), now)
            with self._lock:
                if len(self._answered) < MOST_KEPT:
                    self._answered.add(answer)
        if flow and path and counts.knows_step(widget.config, flow, path[-1], ""):
            self._count(Counted(widget.id, FLOW, flow, TICKET, path[-1], self._day(widget)))

    def write_down(self) -> None:
        """What the database does not take now is tried again."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
            answered, self._answered = self._answered, set()
        if not counted and not answered:
            return
        try:
            with self.database.write() as unit:
                counts.add(unit, counted, answered)
        except IntegrityError as error:  # somebody counted is not there any more
            log.warning("widget_counts_dropped", error=str(error)[:300])
        except SQLAlchemyError as error:
            log.warning("widget_counts_not_written", error=str(error)[:300])
            with self._lock:
                self._counted.update(counted)
                self._answered |= answered

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Writes now and then, and once more at the end."""
        task = asyncio.create_task(self._keep_writing())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await asyncio.to_thread(self.write_down)

    async def _keep_writing(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(self.write_down)

    def _count(self, one: Counted) -> None:
        with self._lock:
            if one in self._counted or len(self._counted) < MOST_KEPT:
                self._counted[one] += 1

    def _day(self, widget: Widget) -> date:
        return self.database.clock().astimezone(ZoneInfo(widget.timezone)).date()

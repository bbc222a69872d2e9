"""On SQLite nothing tells what another process did, only that it wrote: looked at about once a second.

New messages are found by their numbers; whatever else it was becomes `changed`, and windows look again.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Event

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from helpdesk.live.facts import CHANGED, Fact
from helpdesk.live.fanout import Hear, Word
from helpdesk.live.lobby import Poke
from helpdesk.live.presence import Person, Place
from helpdesk.models import ChatLine, Direction, Message, Ticket
from helpdesk.store.db import Database

log = structlog.get_logger()

EVERY = 1.0  # seconds
QUIET = 5.0  # seconds between two `changed`: a worker that does nothing else still writes now and then
MOST = 100  # new messages that are named one by one


class Watch:
    """`own` hears the ids of messages that this process announced itself."""

    def __init__(self, database: Database, *, every: float = EVERY, quiet: float = QUIET) -> None:
        self._database = database
        self._every = every
        self._quiet = quiet
        self._own: deque[int] = deque(maxlen=5000)
        self._last_message = 0
        self._last_line = -1
        self._last_changed = float("-inf")
        self._unsaid = False  # something changed so soon after the last time that it has still to be told

    def own(self, message_id: int) -> None:
        self._own.append(message_id)

    def tell(self, told: list[Fact]) -> None:
        """Other processes see for themselves."""

    def tell_presence(self, places: list[tuple[Place, dict[Person, str]]]) -> None:
        """Who is where is known in one process alone."""

    def tell_pokes(self, pokes: list[Poke]) -> None:
        """Other processes see for themselves."""

    def tell_frames(self, frames: list[tuple[Place, str]]) -> None:
        """Heard in one process alone."""

    def tell_agents(self, agents: dict[int, tuple[int, ...]]) -> None:
        """Known in one process alone."""

    def run(self, hear: Hear, stop: Event) -> None:
        version = -1
        while not stop.is_set():
            try:
                seen = self._database.count_foreign_writes()
                if version == -1:
                    self._new_messages()
                    self._new_lines()
                elif seen != version or self._unsaid:
                    self._look(hear)
                version = seen
            except DBAPIError as error:
                log.warning("live_watching_failed", error=str(error))
            stop.wait(self._every)

    def _look(self, hear: Hear) -> None:
        told, pokes = self._new_messages(), self._new_lines()
        if pokes:
            hear(Word("", [], [], pokes=pokes))
        now = time.monotonic()
        self._unsaid = not told and now - self._last_changed <= self._quiet
        if not self._unsaid:
            self._last_changed = now
            hear(Word("", [*told, Fact(CHANGED)], []))

    def _new_messages(self) -> list[Fact]:
        """Messages since the last look that this process did not write."""
        since, own = self._last_message, set(self._own)
        with self._database.read() as unit:
            self._last_message = unit.session.scalar(select(func.max(col(Message.id)))) or 0
            query = (
                select(col(Message.id), col(Message.direction), col(Ticket.brand_id), col(Ticket.key))
                .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
                .where(col(Message.id) > since, col(Message.id) <= self._last_message)
            )
            found = unit.session.execute(query.order_by(col(Message.id).desc()).limit(MOST)).all()
        return [
            Fact("message_received" if direction == Direction.IN else "ticket_answered", brand_id, key)
            for pk, direction, brand_id, key in reversed(found)
            if pk not in own
        ]

    def _new_lines(self) -> list[Poke]:
        """Visitors to whom another process has said something; those that know it already look in vain."""
        since = self._last_line
        with self._database.read() as unit:
            self._last_line = unit.session.scalar(select(func.max(col(ChatLine.id)))) or 0
            query = select(col(ChatLine.visitor_id)).where(
                col(ChatLine.id) > since, col(ChatLine.id) <= self._last_line
            )
            return [Poke(one) for one in unit.session.scalars(query.distinct())] if since >= 0 else []

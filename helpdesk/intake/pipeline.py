"""From journalled events to messages on tickets: several in one transaction when all goes well, else one by one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlmodel import col, select

from classifiers import Model
from helpdesk.chat import assignment
from helpdesk.chat.seats import Seats
from helpdesk.errors import HelpdeskError
from helpdesk.intake import faults, journal, talk
from helpdesk.intake.accept import Outcome, Overtaken, accept
from helpdesk.intake.prepare import Prepared, PreparedChange, Ready, prepare, prepare_talks
from helpdesk.models import InboundEvent
from helpdesk.store import queue
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.triage.serving import Models

log = structlog.get_logger()
SUSPICIOUS = 2  # attempts after which a message is no longer taken together with others
TALKS = 50  # messages of visitors in one transaction
LONGEST_TURN = 0.03  # seconds of one transaction of several messages; other processes may wait
SHORT_TURN = 0.01  # the same when somebody does wait
RACES = 5  # how often a lost race for the same customer or message is run again

__all__ = ["Intake", "Outcome"]


@dataclass(frozen=True, slots=True)
class Intake:
    database: Database
    files: Files
    seal: Seal
    model: Model  # the built-in one
    lease: timedelta = timedelta(seconds=120)
    batch: int = 20
    seats: Seats = field(default_factory=Seats)
    models: Models = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "models", Models(self.files, self.model))
        self.database.listeners.append(self.seats.hear)

    def drain(self) -> int:
        """Process what visitors have just said and what is due; returns how many events were taken."""
        return self.drain_talks() + self._drain_due()

    def drain_talks(self) -> int:
        """What visitors have just said, together; what is not ordinary or fails, one by one."""
        found = prepare_talks(self.database, self.models, most=TALKS)
        ready = [one for _, one in found if isinstance(one, Prepared)]
        for event_id, error in found:
            if isinstance(error, Exception):
                self._set_aside(event_id, error)
        done = self._accept_talks(ready) if ready else {}
        for one in ready:
            if one.event_id not in done:
                self._accept(one)
        return len(found)

    def _accept_talks(self, ready: Sequence[Prepared]) -> dict[int, Outcome]:
        try:
            with self.database.write() as unit:
                done, begun = talk.accept_talks(unit, ready)
                self.seats.give(unit, begun)
        except Exception as error:
            if faults.surroundings_fault(error):
                raise
            log.info("talks_one_by_one", because=type(error).__name__, events=len(ready))
            return {}
        return done

    def _drain_due(self) -> int:
        with self.database.write() as unit:
            ids = queue.claim(unit, InboundEvent, limit=self.batch, lease=self.lease)
            ids = _suspect_alone(unit, ids)
        self.process_many(ids)
        return len(ids)

    def process_many(self, event_ids: Sequence[int]) -> list[Outcome]:
        """One transaction for all; should one of them fail, nothing is kept and each gets its own."""
        ready: list[Ready] = []
        done = dict.fromkeys(event_ids, Outcome.SKIPPED)
        for event_id, prepared in self._prepare(event_ids):
            if isinstance(prepared, Prepared | PreparedChange):
                ready.append(prepared)
            else:
                done[event_id] = self._set_aside(event_id, prepared)
        done |= self._accept_together(ready)
        done |= {one.event_id: self._accept(one) for one in ready if done[one.event_id] is Outcome.SKIPPED}
        return [done[event_id] for event_id in event_ids]

    def process(self, event_id: int) -> Outcome:
        """One event, once. A bad one goes to quarantine with its reason; a lost database is the caller's to retry."""
        return self.process_many([event_id])[0]

    def _prepare(self, event_ids: Sequence[int]) -> list[tuple[int, Ready | Exception]]:
        found = list(prepare(self.database, self.files, self.models, event_ids))
        for _, prepared in found:
            if isinstance(prepared, Exception) and faults.surroundings_fault(prepared):
                raise prepared
        return found

    def _accept(self, prepared: Ready) -> Outcome:
        last: Exception | None = None
        for _ in range(RACES):
            try:
                with self.database.write() as unit:
                    outcome = accept(unit, prepared, self.seal, self.models)
                    assignment.settle(unit)
                return outcome
            except Overtaken:
                return Outcome.SKIPPED
            except Exception as error:
                if faults.surroundings_fault(error):
                    raise
                if not faults.lost_race(error):
                    return self._set_aside(prepared.event_id, error)
                last = error
        reason = f"it collided with another message again and again: {last}"
        return self._quarantine(prepared.event_id, reason)

    def _accept_together(self, ready: Sequence[Ready]) -> dict[int, Outcome]:
        """Several in a transaction, but none so long that whoever waits to write notices."""
        if not ready:
            return {}
        done: dict[int, Outcome] = {}
        try:
            while len(done) < len(ready):
                done |= self._accept_some(ready[len(done) :])
            return done
        except Exception as error:
            log.info("intake_one_by_one", because=type(error).__name__, events=len(ready) - len(done))
            return done

    def _accept_some(self, ready: Sequence[Ready]) -> dict[int, Outcome]:
        begun, done = time.monotonic(), dict[int, Outcome]()
        with self.database.write() as unit:
            for one in ready:
                done[one.event_id] = accept(unit, one, self.seal, self.models)
                if time.monotonic() - begun > (SHORT_TURN if self.database.awaited else LONGEST_TURN):
                    break
            assignment.settle(unit)
        return done

    def _set_aside(self, event_id: int, error: Exception) -> Outcome:
        if isinstance(error, HelpdeskError):
            return self._quarantine(event_id, error.text)
        log.error("intake_failed", inbound=event_id, exc_info=error)
        return self._quarantine(event_id, f"{type(error).__name__}: {error}")

    def _quarantine(self, event_id: int, reason: str) -> Outcome:
        with self.database.write() as unit:
            event = unit.session.get_one(InboundEvent, event_id, with_for_update=True)
            if event.state != "queued":
                return Outcome.SKIPPED
            journal.quarantine(unit, event, reason)
        return Outcome.QUARANTINED


def _suspect_alone(unit: Unit, ids: list[int]) -> list[int]:
    """Work was cut off again and again with one of these in hand: it goes alone, so that it alone is blamed."""
    if not ids:
        return ids
    tried = dict(
        unit.session.exec(
            select(InboundEvent.id, InboundEvent.attempts).where(
                col(InboundEvent.id).in_(ids), InboundEvent.attempts > SUSPICIOUS
            )
        ).all()
    )
    if not tried:
        return ids
    suspect = max(ids, key=lambda one: (tried.get(one, 0), -one))
    queue.give_back(unit, InboundEvent, [one for one in ids if one != suspect])
    return [suspect]

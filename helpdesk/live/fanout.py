"""From one process to the others: PostgreSQL carries facts and presence by NOTIFY, SQLite's file says that it changed.

Each way has `tell` (from any thread), `tell_presence`, and `run`, which listens in a thread until it is stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from helpdesk.live import facts
from helpdesk.live.facts import CHANGED, Fact
from helpdesk.live.lobby import Poke
from helpdesk.live.presence import Person, Place
from helpdesk.store.db import Database

log = structlog.get_logger()

CHANNEL = "helpdesk_live"
ROOM = 7000  # bytes of one notification; PostgreSQL takes less than 8,000
LOOKS_UP = 0.5  # seconds after which a listener looks whether it is to stop
LONGEST_PAUSE = 10.0  # seconds between tries while the database is away


@dataclass(frozen=True, slots=True)
class Word:
    """What another process says. `presence` names everybody whom it knows in a ticket.

    `pokes` are visitors with news, `frames` passing words for the windows in a ticket, `agents` who is at work
    there; None where it says nothing of them. After a break (`missed`) anything may have happened.
    """

    process: str
    facts: list[Fact]
    presence: list[tuple[Place, dict[Person, str]]]
    pokes: list[Poke] = field(default_factory=list)
    frames: list[tuple[Place, str]] = field(default_factory=list)
    agents: dict[int, tuple[int, ...]] | None = None
    missed: bool = False


Hear = Callable[[Word], None]


class Fanout(Protocol):
    def tell(self, told: list[Fact]) -> None: ...

    def tell_presence(self, places: list[tuple[Place, dict[Person, str]]]) -> None: ...

    def tell_pokes(self, pokes: list[Poke]) -> None: ...

    def tell_frames(self, frames: list[tuple[Place, str]]) -> None: ...

    def tell_agents(self, agents: dict[int, tuple[int, ...]]) -> None: ...

    def run(self, hear: Hear, stop: Event) -> None: ...


class Notify:
    """PostgreSQL's LISTEN and NOTIFY: names and keys alone, and the names of agents."""

    def __init__(self, database: Database, process: str) -> None:
        self._database = database
        self._process = process

    def tell(self, told: list[Fact]) -> None:
        """After the commit, on a connection of its own: inside, NOTIFY makes commits wait for each other."""
        self._send("f", facts.pack(told))

    def tell_presence(self, places: list[tuple[Place, dict[Person, str]]]) -> None:
        packed = [
            [place.ticket, place.brand_id, [[one.key, one.name, state] for one, state in people.items()]]
            for place, people in places
        ]
        self._send("w", packed)

    def tell_pokes(self, pokes: list[Poke]) -> None:
        self._send("v", [[one.visitor_id, one.token, one.ticket, one.seq, one.key] for one in pokes])

    def tell_frames(self, frames: list[tuple[Place, str]]) -> None:
        self._send("t", [[place.ticket, place.brand_id, frame] for place, frame in frames])

    def tell_agents(self, agents: dict[int, tuple[int, ...]]) -> None:
        self._send("a", list(agents.items()))

    def run(self, hear: Hear, stop: Event) -> None:
        """Comes back after a break and then says that something may have been missed."""
        pause, missed = 1.0, False
        while not stop.is_set():
            try:
                for payload in self._notifications(stop):
                    if missed:
                        hear(Word("", [Fact(CHANGED)], [], missed=True))
                    pause, missed = 1.0, False
                    self._pass_on(payload, hear)
            except (DBAPIError, OSError, self._errors()) as error:
                log.warning("live_listening_failed", error=str(error), again_in=pause)
                missed = True
                stop.wait(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    def _notifications(self, stop: Event) -> Iterator[str]:
        """Payloads; an empty one whenever nothing came for a moment."""
        pooled = self._database.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        try:
            connection.autocommit = True
            connection.execute(f"LISTEN {CHANNEL}")
            yield ""
            while not stop.is_set():
                for one in connection.notifies(timeout=LOOKS_UP):
                    yield one.payload
        finally:
            connection.close()

    def _pass_on(self, payload: str, hear: Hear) -> None:
        said = json.loads(payload) if payload else {}
        if said and said["p"] != self._process:
            presence = [
                (Place(ticket, brand_id), {Person(key, name): state for key, name, state in people})
                for ticket, brand_id, people in said.get("w", ())
            ]
            hear(
                Word(
                    said["p"],
                    facts.unpack(said.get("f", ())),
                    presence,
                    pokes=[Poke(*one) for one in said.get("v", ())],
                    frames=[
                        (Place(ticket, brand_id), frame) for ticket, brand_id, frame in said.get("t", ())
                    ],
                    agents={one: tuple(brands) for one, brands in said["a"]} if "a" in said else None,
                )
            )

    def _send(self, kind: str, items: list[Any]) -> None:
        try:
            with self._database.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                for part in _parts(items):
                    payload = json.dumps({"p": self._process, kind: part}, separators=(",", ":"))
                    connection.execute(select(func.pg_notify(CHANNEL, payload)))
        except DBAPIError as error:  # what was committed stands; windows look again by themselves
            log.warning("live_telling_failed", error=str(error.orig))

    def _errors(self) -> type[Exception]:
        """The driver's own, which notifications raise bare."""
        return self._database.engine.dialect.loaded_dbapi.Error


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at once as one notification holds; one that is too large alone is left out."""
    part: list[Any] = []
    room = ROOM
    for item in items:
        size = len(json.dumps(item)) + 1
        if size > ROOM:
            continue
        if size > room:
            yield part
            part, room = [], ROOM
        part.append(item)
        room -= size
    if part:
        yield part

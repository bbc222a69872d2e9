"""Who is looking at which ticket, and who is writing there. Known in memory alone, forgotten by itself.

A window says again and again where it is; what is not said again ends. Other processes tell theirs the same way.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

STATES = ("viewing", "noting", "replying", "typing")  # the later one wins when an agent has several windows
KEPT_FOR = 45.0  # seconds; windows say it every 20
MOST = 20  # tickets that one window may stand in


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket by its key, and the brand it belongs to."""

    ticket: str
    brand_id: int


@dataclass(slots=True)
class _Stay:
    """One window, or another process, in one ticket."""

    people: dict[Person, str]
    until: float


class Presence:
    """`changed()` says which tickets to tell about since it was last asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stays: dict[Place, dict[Hashable, _Stay]] = defaultdict(dict)
        self._told: dict[Place, dict[Person, str]] = {}

    def put(self, source: Hashable, person: Person, at: Mapping[Place, str]) -> None:
        """All places where this window of this person is; it has left all others."""
        self._leave_others(source, at)
        for place, state in at.items():
            if state in STATES:
                self.put_all(source, place, {person: state})

    def put_all(self, source: Hashable, place: Place, people: dict[Person, str]) -> None:
        """Everybody whom another process knows in this ticket."""
        if people:
            self._stays[place][source] = _Stay(people, self._clock() + KEPT_FOR)
        else:
            self._stays.get(place, {}).pop(source, None)

    def leave(self, source: Hashable) -> None:
        self._leave_others(source, {})

    def changed(self) -> list[Place]:
        """Tickets where somebody came, went or began to write. What ran out is dropped."""
        now = self._clock()
        changes = []
        for place in [*self._stays, *(one for one in self._told if one not in self._stays)]:
            stays = self._stays.get(place, {})
            for source in [one for one, stay in stays.items() if stay.until <= now]:
                del stays[source]
            people = self.people(place)
            if people != self._told.get(place, {}):
                changes.append(place)
                self._told[place] = people
            if not people:
                self._stays.pop(place, None)
                self._told.pop(place, None)
        return changes

    def people(self, place: Place, *, only: Callable[[Hashable], bool] = lambda _: True) -> dict[Person, str]:
        """Who is there, each once with the strongest of their states."""
        found: dict[Person, str] = {}
        for source, stay in self._stays.get(place, {}).items():
            for person, state in stay.people.items() if only(source) else ():
                found[person] = max(found.get(person, STATES[0]), state, key=STATES.index)
        return found

    def sources(self, place: Place) -> set[Hashable]:
        """Windows and processes that stand there."""
        return set(self._stays.get(place, ()))

    def places(self) -> list[Place]:
        return [place for place, stays in self._stays.items() if stays]

    def as_json(self, place: Place) -> str:
        who = [
            {"agent": person.key, "name": person.name, "state": state}
            for person, state in sorted(self.people(place).items(), key=lambda one: one[0].name)
        ]
        said = {"name": "presence", "ticket": place.ticket, "who": who}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    def _leave_others(self, source: Hashable, stays_at: Mapping[Place, str]) -> None:
        for place, stays in self._stays.items():
            if place not in stays_at:
                stays.pop(source, None)

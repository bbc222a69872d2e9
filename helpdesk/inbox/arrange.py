"""Puts a conversation in the shape in which it is read: days, the line above what is new, groups, folded events.

Pure; called by conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpdesk.i18n import local
from helpdesk.inbox.eventline import EventLine
from helpdesk.inbox.said import Said
from helpdesk.models import Direction
from helpdesk.tickets.seen import NEVER

TOGETHER = timedelta(minutes=10)  # a second message of one writer so soon needs no name again
FOLDED_FROM = 4  # events in a row


@dataclass(frozen=True, slots=True)
class DayLine:
    at: datetime
    kind: str = "day"

    @property
    def date(self) -> str:
        return local(self.at).date().isoformat()


@dataclass(frozen=True, slots=True)
class NewLine:
    """Above the first message that this agent has not seen."""

    count: int
    kind: str = "new"


@dataclass(frozen=True, slots=True)
class EventRun:
    """Events with nothing said between; the last one tells where they led."""

    lines: tuple[EventLine, ...]
    kind: str = "events"

    @property
    def order(self) -> int:
        return self.lines[0].order


Shown = Said | EventLine | EventRun | DayLine | NewLine


def arrange(entries: Sequence[Said | EventLine], *, new: str = "") -> tuple[Shown, ...]:
    """`new` is the key of the first message not seen yet."""
    shown: list[Shown] = []
    before: Said | EventLine | None = None
    for entry in _gathered(entries):
        if before is None or local(before.at).date() != local(entry.at).date():
            shown.append(DayLine(entry.at))
        if isinstance(entry, Said) and new in entry.keys:
            shown.append(NewLine(_said_from(entries, new)))
        elif isinstance(entry, Said) and isinstance(before, Said) and goes_on(before, entry):
            entry = replace(entry, follows=True)
        shown.append(entry)
        before = entry
    return tuple(_folded(shown))


def _gathered(entries: Iterable[Said | EventLine]) -> list[Said | EventLine]:
    """Pictures that were sent as one set are one message, though events may have come between."""
    found: list[Said | EventLine] = []
    last = -1
    for entry in entries:
        if not isinstance(entry, Said):
            found.append(entry)
            continue
        before = found[last] if last >= 0 else None
        if isinstance(before, Said) and _same_set(before, entry):
            parts = sorted((*(before.parts or (before,)), entry), key=_place_in_set)
            found[last] = replace(before, parts=tuple(parts))
            continue
        last = len(found)
        found.append(entry)
    return found


def _same_set(before: Said, entry: Said) -> bool:
    same = ("album", "direction", "who", "channel")
    return bool(entry.album) and all(getattr(before, name) == getattr(entry, name) for name in same)


def _place_in_set(said: Said) -> tuple[int, datetime, int]:
    place = said.content["album"].get("index")
    return place if isinstance(place, int) else 0, said.at, said.order


def find_new(said: Iterable[Said], *, seen_at: datetime | None) -> str:
    """Key of the first message from outside that came after `seen_at`; empty without any.

    Somebody who never opened the ticket, or marked it as unread, has nothing to be led past.
    """
    if seen_at is None or seen_at <= NEVER:
        return ""
    new = (one.key for one in said if one.direction == Direction.IN and one.written and one.written > seen_at)
    return next(new, "")


def goes_on(before: Said, entry: Said) -> bool:
    """The same writer on the same way, a moment later."""
    same = ("direction", "channel", "who", "address", "to", "cc", "forwarded")
    alike = all(getattr(before, name) == getattr(entry, name) for name in same)
    return (
        alike and not entry.new_subject and entry.at - before.at <= TOGETHER and before.state == entry.state
    )


def _said_from(entries: Sequence[Said | EventLine], key: str) -> int:
    """How many came from outside since `key`."""
    keys = [entry.key for entry in entries if isinstance(entry, Said) and entry.direction == Direction.IN]
    return len(keys) - keys.index(key) if key in keys else 0


def _folded(shown: Iterable[Shown]) -> Iterable[Shown]:
    run: list[EventLine] = []
    for entry in shown:
        if isinstance(entry, EventLine):
            run.append(entry)
            continue
        yield from _fold(run)
        run = []
        yield entry
    yield from _fold(run)


def _fold(run: list[EventLine]) -> Sequence[Shown]:
    return run if len(run) < FOLDED_FROM else [EventRun(tuple(run))]

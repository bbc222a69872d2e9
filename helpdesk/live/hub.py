"""The middle of the live part: facts come in from any thread and go out, in order, to those who may see them.

Facts are gathered for a moment, so that a burst about one ticket becomes one. What was sent is kept for a while: a
window that comes back after a break says the last number it has seen and gets the rest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from helpdesk.access import Access
from helpdesk.live import facts
from helpdesk.live.facts import Fact
from helpdesk.models import new_key

GATHER = 0.05  # seconds in which facts about one ticket become one
KEPT = 2000  # facts for those who come back
WAITING = 200  # frames that may wait for one slow window
RELOAD = '[{"name":"reload"}]'  # look at everything again: what was missed is not known


class Subscriber:
    """One open socket: a bounded queue of frames, and the reason to close once there is one."""

    def __init__(self, access: Access, *, proof: str = "", waiting: int = WAITING) -> None:
        self.access = access
        self.proof = proof  # the token it was opened with
        self.brands: dict[str, int] = {}  # of the tickets it named, by their key
        self._frames: deque[str] = deque()
        self._waiting = waiting
        self._ready = asyncio.Event()
        self.closing: int | None = None

    def put(self, frame: str) -> None:
        """Never waits: who does not keep up is told to look at everything again."""
        if len(self._frames) >= self._waiting:
            self._frames.clear()
            frame = RELOAD
        self._frames.append(frame)
        self._ready.set()

    def close(self, code: int) -> None:
        """From the loop's thread; frames that still wait are dropped."""
        self.closing = code
        self._ready.set()

    async def take(self) -> str | None:
        """The next frame; None when the socket is to be closed."""
        while not self._frames and self.closing is None:
            self._ready.clear()
            await self._ready.wait()
        return self._frames.popleft() if self.closing is None else None


class Hub:
    """One for each process. `publish` may be called from any thread, the rest from the loop's own."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self.epoch = new_key(10)
        self.seq = 0
        self.subscribers: set[Subscriber] = set()
        self._kept: deque[tuple[int, Fact]] = deque(maxlen=kept)
        self._gathered: list[Fact] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def position(self) -> str:
        """Where a page stands that is drawn now; its window asks for what came after."""
        return f"{self.epoch}.{self.seq}"

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def publish(self, told: list[Fact]) -> None:
        """From any thread; silent when no loop runs, as in commands without windows."""
        loop = self._loop
        if told and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._gather, told)

    def enter(self, subscriber: Subscriber, after: str = "") -> None:
        """Joins, and hears first what it missed since the position `after`."""
        self.subscribers.add(subscriber)
        missed = self._missed(after) if after else []
        if missed is None:
            subscriber.put(RELOAD)
            return
        seen = [fact.as_json(seq) for seq, fact in missed if fact.visible_to(subscriber.access)]
        if seen:
            subscriber.put(_frame(seen))

    def leave(self, subscriber: Subscriber) -> None:
        self.subscribers.discard(subscriber)

    def close(self, code: int) -> None:
        """Every socket, for example when the process stops."""
        for subscriber in self.subscribers:
            subscriber.close(code)
        self._loop = None

    def _missed(self, after: str) -> list[tuple[int, Fact]] | None:
        epoch, _, number = after.partition(".")
        if epoch != self.epoch or not (number.isascii() and number.isdecimal() and len(number) < 16):
            return None
        since = int(number)
        if since > self.seq or (since < self.seq and (not self._kept or self._kept[0][0] > since + 1)):
            return None
        return [(seq, fact) for seq, fact in self._kept if seq > since]

    def _gather(self, told: list[Fact]) -> None:
        if not self._gathered and self._loop is not None:
            self._loop.call_later(GATHER, self._send)
        self._gathered += told

    def _send(self) -> None:
        told, self._gathered = facts.merge(self._gathered), []
        lines: list[tuple[Fact, str]] = []
        for fact in told:
            self.seq += 1
            self._kept.append((self.seq, fact))
            lines.append((fact, fact.as_json(self.seq)))
        _spread(self.subscribers, lines)


def _spread(subscribers: Iterable[Subscriber], lines: list[tuple[Fact, str]]) -> None:
    """Agents of the same brands get the same frame: it is made once."""
    personal = any(fact.agent_id is not None for fact, _ in lines)
    frames: dict[object, str] = {}
    for subscriber in subscribers:
        access = subscriber.access
        group = (access.brand_ids, access.agent_id if personal else 0)
        if group not in frames:
            frames[group] = _frame([line for fact, line in lines if fact.visible_to(access)])
        if frames[group]:
            subscriber.put(frames[group])


def _frame(lines: list[str]) -> str:
    """Every frame is a list."""
    return f"[{','.join(lines)}]" if lines else ""

"""Where visitors wait: their open chat windows in this process, told of every new line in its order.

News are only hints that a visitor has new lines: the lines themselves are read from the database after the last one
that a window knows. So none is lost, doubled or out of order, however the hint came and from whichever process.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.events import Happened
from helpdesk.live.facts import Fact
from helpdesk.live.guest import Guest

log = structlog.get_logger()

GATHER = 0.01  # seconds in which news become one look
AGAIN = 1.0  # seconds until the next look after the database was away
TYPING_AGAIN = 3.0  # seconds after which a window hears again that somebody writes


@dataclass(frozen=True, slots=True)
class Poke:
    """A visitor has news: they became known under `token`, talk in `ticket`, or have line `seq`, said under `key`.

    With none of these anything may be new.
    """

    visitor_id: int
    token: str = ""
    ticket: str = ""
    seq: int = 0
    key: str = ""

    @classmethod
    def of(cls, one: Happened) -> Poke:
        pk = one.ids["visitor"]
        if "seq" in one.ids:
            return cls(pk, seq=one.ids["seq"], key=one.word)
        return cls(pk, token=one.word, ticket=one.ticket)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: where the visitor talks, and lines as finished frames by their number."""

    ticket: str
    lines: tuple[tuple[int, str], ...]


Look = Callable[[Mapping[int, int]], Mapping[int, Seen]]


class Lobby:
    """`poke` may be called from any thread, the rest from the loop's own."""

    def __init__(self) -> None:
        self.guests: set[Guest] = set()
        self._of_visitor: dict[int, set[Guest]] = defaultdict(set)
        self._strangers: dict[str, set[Guest]] = defaultdict(set)  # by token, who has said nothing yet
        self._news: set[int] = set()
        self._looking: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._typing: dict[str, float] = {}
        self.look: Look = lambda _after: {}

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def poke(self, pokes: Iterable[Poke]) -> None:
        """From any thread; silent when no loop runs."""
        told, loop = list(pokes), self._loop
        if told and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.hear, told)

    def hear(self, pokes: Iterable[Poke]) -> None:
        for poke in pokes:
            if poke.token:
                self._adopt(poke)
            elif self._is_news(poke):
                self._news.add(poke.visitor_id)
        self._start_looking()

    def hear_facts(self, told: Iterable[Fact]) -> None:
        """From any thread: what else a visitor hears of, besides lines."""
        closed = [one.ticket for one in told if one.name == "ticket_closed" or "ticket_closed" in one.also]
        loop = self._loop
        if closed and loop is not None and not loop.is_closed():
            for one in closed:
                loop.call_soon_threadsafe(self.tell, one, '{"type":"closed"}')

    def look_at(self, visitor_id: int) -> None:
        self._news.add(visitor_id)
        self._start_looking()

    def look_at_all(self) -> None:
        """News may have been missed."""
        self._news |= self._of_visitor.keys()
        self._start_looking()

    def enter(self, guest: Guest) -> None:
        self.guests.add(guest)
        if guest.visitor_id is None:
            self._strangers[guest.token].add(guest)
        else:
            self._forget(guest)
            self._of_visitor[guest.visitor_id].add(guest)

    def leave(self, guest: Guest) -> bool:
        """True when it was the visitor's last window here."""
        self.guests.discard(guest)
        if guest.visitor_id is None:
            self._forget(guest)
            return False
        others = self._of_visitor.get(guest.visitor_id, set())
        others.discard(guest)
        if not others:
            self._of_visitor.pop(guest.visitor_id, None)
        return not others

    def of(self, visitor_id: int) -> set[Guest]:
        return self._of_visitor.get(visitor_id, set())

    def visitor_ids(self) -> list[int]:
        return list(self._of_visitor)

    def in_ticket(self, ticket: str) -> list[Guest]:
        return [one for one in self.guests if ticket and one.ticket == ticket]

    def tell(self, ticket: str, frame: str) -> None:
        for guest in self.in_ticket(ticket):
            guest.put(frame)

    def agents_at(self, places: Iterable[str], typing: Mapping[str, str], now: float) -> None:
        """Tickets that agents look at and write in now: their visitors see what was read, and that somebody writes."""
        for gone in [one for one in self._typing if one not in typing]:
            del self._typing[gone]
        looked_at = set(places)
        if not looked_at:
            return
        due = {one for one in typing if now - self._typing.get(one, -TYPING_AGAIN) >= TYPING_AGAIN}
        self._typing.update(dict.fromkeys(due, now))
        for guest in self.guests:
            if guest.ticket not in looked_at:
                continue
            if guest.sent > guest.seen:
                guest.seen = guest.sent
                guest.put(f'{{"type":"read","seq":{guest.seen}}}')
            if guest.ticket in due:
                guest.put(typing[guest.ticket])

    def close(self, code: int, reason: str) -> None:
        for guest in self.guests:
            guest.close(code, reason)
        self._loop = None

    def _adopt(self, poke: Poke) -> None:
        """Other windows of the same browser, opened before there was a visitor."""
        for guest in self._strangers.pop(poke.token, ()):
            guest.visitor_id = poke.visitor_id
            self._of_visitor[poke.visitor_id].add(guest)

    def _is_news(self, poke: Poke) -> bool:
        """Whether somebody has to look; a window that said it itself need not."""
        guests = self._of_visitor.get(poke.visitor_id, ())
        if poke.ticket:
            for guest in guests:
                guest.ticket = poke.ticket
            return False
        known = [guest.knows(poke.seq, poke.key) if poke.seq else False for guest in guests]
        return not all(known)

    def _forget(self, guest: Guest) -> None:
        others = self._strangers.get(guest.token)
        if others is not None:
            others.discard(guest)
            if not others:
                del self._strangers[guest.token]

    def _start_looking(self) -> None:
        if self._news and self._looking is None and self._loop is not None:
            self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        """One at a time, so that lines stay in order."""
        try:
            while self._news:
                await asyncio.sleep(GATHER)
                news, self._news = self._news, set()
                after = {one: self._least(one) for one in news if one in self._of_visitor}
                try:
                    self._spread(await asyncio.to_thread(self.look, after))
                except (SQLAlchemyError, OSError) as error:
                    log.warning("chat_look_failed", error=str(error)[:300])
                    self._news |= news
                    await asyncio.sleep(AGAIN)
        finally:
            self._looking = None

    def _least(self, visitor_id: int) -> int:
        return min(guest.sent for guest in self._of_visitor[visitor_id])

    def _spread(self, seen: Mapping[int, Seen]) -> None:
        for visitor_id, found in seen.items():
            for guest in self._of_visitor.get(visitor_id, ()):
                guest.ticket = found.ticket
                for seq, frame in found.lines:
                    guest.line(seq, frame)

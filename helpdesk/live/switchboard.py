"""The live part of one process: database, hub, presence and the way to other processes, put together."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import asynccontextmanager, suppress

from helpdesk.events import Happened
from helpdesk.live import facts
from helpdesk.live.fanout import Fanout, Hear, Notify, Word
from helpdesk.live.hub import Hub, Subscriber
from helpdesk.live.lobby import Lobby, Poke
from helpdesk.live.presence import Person, Place, Presence
from helpdesk.live.watch import Watch
from helpdesk.store.db import Database

TICK = 0.4  # seconds between looks at who came and went
REPEAT = 15.0  # seconds after which other processes hear again who is where
LEAST_REST = 300  # milliseconds that a window leaves between two refreshes of its list
REST_EACH = 15  # more for every window there is, so that lists together take about half a core
AT_WORK_FOR = 40.0  # seconds that another process's word about its agents counts
RESTARTING = 1012  # RFC 6455's registry: the service restarts, come back


class Switchboard:
    """In every process it tells the others; while `opened`, windows of this one hear too."""

    def __init__(self, database: Database) -> None:
        self.hub = Hub()
        self.presence = Presence()
        self.lobby = Lobby()
        self.fanout: Fanout = Watch(database) if database.sqlite else Notify(database, process=self.hub.epoch)
        self._said_rest = LEAST_REST
        self._told: dict[Place, dict[Person, str]] = {}
        self._told_agents: dict[int, tuple[int, ...]] = {}
        self._elsewhere: dict[str, tuple[float, dict[int, tuple[int, ...]]]] = {}
        database.listeners.append(self.hear)

    def hear(self, happened: list[Happened]) -> None:
        """After a commit, in whatever thread that was."""
        if isinstance(self.fanout, Watch):
            for one in happened:
                self.fanout.own(one.ids.get("message", 0))
        told = facts.of(happened)
        if told:
            self.hub.publish(told)
            self.fanout.tell(told)
            self.lobby.hear_facts(told)
        pokes = [Poke.of(one) for one in happened if "visitor" in one.ids]
        if pokes:
            self.lobby.poke(pokes)
            self.fanout.tell_pokes(pokes)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        loop, stop = asyncio.get_running_loop(), threading.Event()
        self.hub.start(loop)
        self.lobby.start(loop)
        listening = threading.Thread(target=self.fanout.run, args=(self._pass_to(loop), stop), daemon=True)
        listening.start()
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            stop.set()
            self.hub.close(RESTARTING)
            self.lobby.close(RESTARTING, "the helpdesk restarts; come back")
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            await asyncio.to_thread(listening.join)

    def enter(self, subscriber: Subscriber, after: str = "") -> None:
        """A window joins: what it missed, then who is where."""
        self.hub.enter(subscriber, after)
        seen = [place for place in self.presence.places() if place.brand_id in subscriber.access.brand_ids]
        if seen:
            subscriber.put(f"[{','.join(map(self.presence.as_json, seen))}]")

    def stand(self, subscriber: Subscriber, person: Person, at: Mapping[Place, str]) -> None:
        """Where this window is now; nowhere else."""
        self.presence.put(_window(subscriber), person, at)

    def leave(self, subscriber: Subscriber) -> None:
        self.hub.leave(subscriber)
        self.presence.leave(_window(subscriber))

    def _pass_to(self, loop: asyncio.AbstractEventLoop) -> Hear:
        """The fanout's thread speaks to the loop's."""

        def hear(word: Word) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._take, word)

        return hear

    def agents_here(self) -> set[int]:
        """Who has a window open in this process."""
        return set(self._agents_here())

    def agents_elsewhere(self) -> set[int]:
        """Who has one in another process, as far as it has told."""
        now = time.monotonic()
        return {one for until, agents in self._elsewhere.values() if until > now for one in agents}

    def tell_windows(self, place: Place, said: Mapping[str, object]) -> None:
        """Something passing, for the windows that stand in the ticket; kept nowhere."""
        sources = self.presence.sources(place)
        if not sources:
            return
        frame = f"[{json.dumps(said, ensure_ascii=False, separators=(',', ':'))}]"
        self._spread(place, frame)
        if isinstance(self.fanout, Notify) and not all(map(_is_window, sources)):
            asyncio.get_running_loop().run_in_executor(None, self.fanout.tell_frames, [(place, frame)])

    def _spread(self, place: Place, frame: str) -> None:
        sources = self.presence.sources(place)
        for subscriber in self.hub.subscribers:
            if _window(subscriber) in sources and place.brand_id in subscriber.access.brand_ids:
                subscriber.put(frame)

    def _agents_here(self) -> dict[int, tuple[int, ...]]:
        return {one.access.agent_id: one.access.brand_ids for one in self.hub.subscribers}

    def _take(self, word: Word) -> None:
        self.hub.publish(word.facts)
        self.lobby.hear_facts(word.facts)
        self.lobby.hear(word.pokes)
        for place, frame in word.frames:
            self._spread(place, frame)
        if word.agents is not None:
            now = time.monotonic()
            self._elsewhere = {one: told for one, told in self._elsewhere.items() if told[0] > now}
            self._elsewhere[word.process] = (now + AT_WORK_FOR, word.agents)
        if word.missed:
            self.lobby.look_at_all()
        for place, people in word.presence:
            self.presence.put_all(("process", word.process), place, people)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        repeat_at = loop.time() + REPEAT
        while True:
            await asyncio.sleep(TICK)
            changed = self.presence.changed()
            for place in changed:
                self._show(place)
            again = loop.time() >= repeat_at
            repeat_at = loop.time() + REPEAT if again else repeat_at
            news = self._news(changed, again=again)
            self._say_pace()
            if self.lobby.guests:
                places = [one.ticket for one in self.presence.places()]
                self.lobby.agents_at(places, self._typing(), loop.time())
            if news:
                await asyncio.to_thread(self.fanout.tell_presence, news)
            agents = self._agents_here()
            if again or agents != self._told_agents:
                self._told_agents = agents
                await asyncio.to_thread(self.fanout.tell_agents, agents)

    @property
    def rest(self) -> int:
        """Milliseconds that a window should leave between two refreshes of its list."""
        return max(LEAST_REST, REST_EACH * len(self.hub.subscribers))

    def _say_pace(self) -> None:
        """Anew when there are clearly more windows, or fewer."""
        rest = self.rest
        if abs(rest - self._said_rest) > self._said_rest / 4:
            self._said_rest = rest
            for subscriber in self.hub.subscribers:
                subscriber.put(f'[{{"name":"pace","rest":{rest}}}]')

    def _typing(self) -> dict[str, str]:
        """By ticket, what its visitor hears of the agents who write there."""
        found: dict[str, str] = {}
        for place in self.presence.places():
            names = [one.name for one, state in self.presence.people(place).items() if state == "typing"]
            if names:
                said = {"type": "typing", "from": {"name": min(names), "role": "agent"}}
                found[place.ticket] = json.dumps(said, ensure_ascii=False)
        return found

    def _show(self, place: Place) -> None:
        frame = f"[{self.presence.as_json(place)}]"
        for subscriber in self.hub.subscribers:
            if place.brand_id in subscriber.access.brand_ids:
                subscriber.put(frame)

    def _news(self, changed: list[Place], *, again: bool) -> list[tuple[Place, dict[Person, str]]]:
        """What other processes have not heard, or not for a while: our own windows alone."""
        news = []
        for place in {*changed, *(self._told if again else ())}:
            people = self.presence.people(place, only=_is_window)
            if again or people != self._told.get(place, {}):
                news.append((place, people))
            if people:
                self._told[place] = people
            else:
                self._told.pop(place, None)
        return news


def _window(subscriber: Subscriber) -> Hashable:
    return ("window", id(subscriber))


def _is_window(source: Hashable) -> bool:
    return isinstance(source, tuple) and source[0] == "window"

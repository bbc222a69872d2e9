"""Windows of visitors hear each line once and in order, and nobody looks for what they know already."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from helpdesk.events import Happened
from helpdesk.live.guest import TOO_SLOW, WAITING, Guest
from helpdesk.live.lobby import Lobby, Poke, Seen

VISITOR = 7


class Conversation:
    """What the database would answer, and how often it was asked."""

    def __init__(self) -> None:
        self.lobby = Lobby()
        self.lobby.look = self._look
        self.lines: list[str] = []
        self.looks = 0

    def _look(self, after: Mapping[int, int]) -> Mapping[int, Seen]:
        self.looks += 1
        return {pk: Seen("T1", tuple(enumerate(self.lines[seq:], seq + 1))) for pk, seq in after.items()}

    def enter(self, *, visitor: int | None = VISITOR, token: str = "") -> Guest:
        guest = Guest(1, 1)
        guest.visitor_id, guest.token = visitor, token
        self.lobby.enter(guest)
        return guest

    def say(self, line: str, key: str = "") -> None:
        self.lines.append(line)
        self.lobby.hear([Poke(VISITOR, seq=len(self.lines), key=key)])


def told(guest: Guest) -> list[str]:
    return list(guest._frames)


def story(tell: Callable[[Conversation], Awaitable[None]]) -> Conversation:
    talk = Conversation()

    async def run() -> None:
        talk.lobby.start(asyncio.get_running_loop())
        async with asyncio.timeout(10):
            await tell(talk)

    asyncio.run(run())
    return talk


async def rest(talk: Conversation) -> None:
    while talk.lobby._looking is not None:
        await talk.lobby._looking


def test_who_said_it_needs_no_look() -> None:
    async def tell(talk: Conversation) -> None:
        guest = talk.enter()
        guest.saying.add("k1")
        talk.say("one", "k1")
        await rest(talk)
        assert (told(guest), guest.sent) == ([], 1)

    assert story(tell).looks == 0


def test_another_window_of_the_visitor_hears_it() -> None:
    async def tell(talk: Conversation) -> None:
        one, other = talk.enter(), talk.enter()
        one.saying.add("k1")
        talk.say("one", "k1")
        await rest(talk)
        assert (told(one), told(other)) == ([], ["one"])

    assert story(tell).looks == 1


def test_what_came_between_is_heard_before_ones_own() -> None:
    async def tell(talk: Conversation) -> None:
        guest = talk.enter()
        guest.saying.add("k2")
        talk.lines.append("an answer of which no news came")
        talk.say("mine", "k2")
        guest.own.add(2)
        await rest(talk)
        assert (told(guest), guest.sent) == (["an answer of which no news came"], 2)

    story(tell)


def test_many_answers_at_once_are_one_look_and_in_order() -> None:
    async def tell(talk: Conversation) -> None:
        guest = talk.enter()
        for number in range(5):
            talk.say(f"{number}")
        await rest(talk)
        assert told(guest) == ["0", "1", "2", "3", "4"]

    assert story(tell).looks == 1


def test_a_stranger_becomes_the_visitor_by_their_token_alone() -> None:
    async def tell(talk: Conversation) -> None:
        same, somebody = talk.enter(visitor=None, token="t1"), talk.enter(visitor=None, token="t2")
        talk.lobby.hear([Poke(VISITOR, token="t1")])
        talk.say("hello")
        await rest(talk)
        assert (told(same), told(somebody)) == (["hello"], [])
        talk.lobby.leave(somebody)
        assert talk.lobby.leave(same)
        assert not talk.lobby._strangers
        assert not talk.lobby._of_visitor

    story(tell)


def test_where_they_talk_is_known_without_a_look() -> None:
    async def tell(talk: Conversation) -> None:
        guest = talk.enter()
        news = Happened("visitor_placed", 1, {"visitor": VISITOR, "ticket": 3}, ticket="T3")
        talk.lobby.hear([Poke.of(news)])
        await rest(talk)
        assert guest.ticket == "T3"

    assert story(tell).looks == 0


def test_a_slow_window_is_closed_and_holds_nobody() -> None:
    async def tell(talk: Conversation) -> None:
        slow, quick = talk.enter(), talk.enter()
        for number in range(WAITING + 1):
            talk.say(f"{number}")
            await rest(talk)
            quick._frames.clear()
        assert slow.closing == (TOO_SLOW, "too slow; come back")
        assert (told(slow), quick.sent, quick.closing) == ([], WAITING + 1, None)

    story(tell)

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from helpdesk.access import Access
from helpdesk.live.facts import Fact
from helpdesk.live.hub import Hub, Subscriber

MINE = Access(agent_id=1, role="agent", brand_ids=(1,))
FOREIGN = Access(agent_id=2, role="agent", brand_ids=(2,))


def story(tell: Callable[[Hub], Awaitable[None]], *, kept: int = 100) -> None:
    async def run() -> None:
        hub = Hub(kept=kept)
        hub.start(asyncio.get_running_loop())
        await tell(hub)

    asyncio.run(run())


def join(hub: Hub, access: Access = MINE, after: str = "", waiting: int = 50) -> Subscriber:
    subscriber = Subscriber(access, waiting=waiting)
    hub.enter(subscriber, after)
    return subscriber


async def heard(subscriber: Subscriber) -> list[Any]:
    frame = await subscriber.take()
    assert frame is not None
    found: list[Any] = json.loads(frame)
    return found


def test_facts_reach_those_who_may_see_their_brand() -> None:
    async def tell(hub: Hub) -> None:
        mine, foreign = join(hub), join(hub, FOREIGN)
        hub.publish([Fact("ticket_closed", 1, "aaa"), Fact("ticket_closed", 2, "bbb")])
        assert await heard(mine) == [{"seq": 1, "name": "ticket_closed", "ticket": "aaa"}]
        assert await heard(foreign) == [{"seq": 2, "name": "ticket_closed", "ticket": "bbb"}]

    story(tell)


def test_what_is_for_one_agent_reaches_that_agent_alone() -> None:
    async def tell(hub: Hub) -> None:
        colleague = join(hub, Access(agent_id=7, role="agent", brand_ids=(1,)))
        mine = join(hub)
        hub.publish([Fact("notified", 1, "aaa", agent_id=1)])
        hub.publish([Fact("ticket_closed", 1, "bbb")])
        assert [one["name"] for one in await heard(mine)] == ["notified", "ticket_closed"]
        assert [one["name"] for one in await heard(colleague)] == ["ticket_closed"]

    story(tell)


def test_a_burst_about_one_ticket_becomes_one_fact_led_by_the_message() -> None:
    async def tell(hub: Hub) -> None:
        mine = join(hub)
        hub.publish([Fact("ticket_opened", 1, "aaa"), Fact("ticket_tagged", 1, "aaa")])
        hub.publish([Fact("message_received", 1, "aaa"), Fact("ticket_closed", 1, "bbb")])
        first, second = await heard(mine)
        assert first["name"] == "message_received"
        assert first["also"] == ["ticket_opened", "ticket_tagged"]
        assert second["ticket"] == "bbb"

    story(tell)


def test_facts_of_other_threads_arrive_in_order() -> None:
    async def tell(hub: Hub) -> None:
        mine = join(hub)
        for number in range(20):
            await asyncio.to_thread(hub.publish, [Fact("ticket_closed", 1, f"t{number}")])
        found: list[Any] = []
        while len(found) < 20:
            found += await heard(mine)
        assert [one["ticket"] for one in found] == [f"t{number}" for number in range(20)]
        assert [one["seq"] for one in found] == list(range(1, 21))

    story(tell)


def test_who_comes_back_hears_what_was_missed_and_may_be_seen() -> None:
    async def tell(hub: Hub) -> None:
        watcher = join(hub, Access(agent_id=9, role="admin", brand_ids=(1, 2)))
        for fact in (Fact("a", 1, "x"), Fact("b", 1, "y"), Fact("c", 2, "z"), Fact("d", 1, "y")):
            hub.publish([fact])
            await heard(watcher)
        back = join(hub, after=f"{hub.epoch}.1")
        assert [one["seq"] for one in await heard(back)] == [2, 4]

    story(tell)


def test_who_was_away_too_long_or_from_another_process_looks_again() -> None:
    async def tell(hub: Hub) -> None:
        watcher = join(hub)
        for number in range(5):
            hub.publish([Fact("a", 1, f"t{number}")])
            await heard(watcher)
        for after in (f"{hub.epoch}.1", "another.3", f"{hub.epoch}.77", f"{hub.epoch}.x", "nonsense"):
            assert await heard(join(hub, after=after)) == [{"name": "reload"}]
        assert [one["seq"] for one in await heard(join(hub, after=f"{hub.epoch}.3"))] == [4, 5]

    story(tell, kept=2)


def test_a_slow_window_holds_nobody_and_is_told_to_look_again() -> None:
    async def tell(hub: Hub) -> None:
        slow, quick = join(hub, waiting=3), join(hub)
        for number in range(6):
            hub.publish([Fact("a", 1, f"t{number}")])
            assert (await heard(quick))[0]["ticket"] == f"t{number}"
        assert await heard(slow) == [{"name": "reload"}]
        assert (await heard(slow))[0]["ticket"] == "t4"
        assert (await heard(slow))[0]["ticket"] == "t5"

    story(tell)


def test_closing_ends_the_waiting() -> None:
    async def tell(hub: Hub) -> None:
        mine = join(hub)
        taking = asyncio.create_task(mine.take())
        await asyncio.sleep(0)
        mine.close(4401)
        assert await taking is None
        assert mine.closing == 4401

    story(tell)

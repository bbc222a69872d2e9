"""Who gets which chat, and who loses one: decided from plain facts alone. Asked by assignment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

PATIENCE = timedelta(
    minutes=5
)  # with somebody who turned away, or whom a colleague chose although they are not there
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A live chat that nobody has. `team_id` is whose members alone may take it."""

    ticket_id: int
    brand_id: int
    urgency: int
    since: datetime
    team_id: int | None = None
    without: int | None = None  # the agent who has just passed it on


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes chats now, with `live` of at most `capacity`."""

    agent_id: int
    brand_ids: frozenset[int]
    capacity: int
    live: int = 0
    given_at: datetime | None = None  # the last new one
    team_ids: frozenset[int] = frozenset()

    def fits(self, chat: Waiting) -> bool:
        if chat.brand_id not in self.brand_ids or chat.without == self.agent_id:
            return False
        return chat.team_id is None or chat.team_id in self.team_ids


@dataclass(frozen=True, slots=True)
class Held:
    """A chat whose visitor waits for somebody who is not there or turned away.

    `by_hand`: a colleague gave it to them, at `given_at`. `spoken`: they have answered in it.
    """

    ticket_id: int
    since: datetime
    given_at: datetime | None
    by_hand: bool
    spoken: bool


def plan_assignments(waiting: Iterable[Waiting], agents: Iterable[Taker]) -> list[tuple[int, int]]:
    """(ticket id, agent id): the most urgent first, then the oldest; to whoever fits and has fewest live chats, of
    those to the one who has gone longest without a new one. Nobody gets more than their capacity."""
    takers = {one.agent_id: one for one in agents}
    plan: list[tuple[int, int]] = []
    for chat in by_turn(waiting):
        free = [one for one in takers.values() if one.live < one.capacity and one.fits(chat)]
        if free:
            chosen = min(free, key=_turn)
            takers[chosen.agent_id] = replace(chosen, live=chosen.live + 1)
            plan.append((chat.ticket_id, chosen.agent_id))
    return plan


def by_turn(waiting: Iterable[Waiting]) -> list[Waiting]:
    return sorted(waiting, key=lambda chat: (-chat.urgency, chat.since, chat.ticket_id))


def _turn(taker: Taker) -> tuple[int, datetime, int]:
    return taker.live, taker.given_at or NEVER, taker.agent_id


def decide_release(chat: Held, *, vanished: bool, away_since: datetime | None, now: datetime) -> str:
    """Why the chat goes back to the queue: `gone` or `away`; empty when it stays.

    Who turned away keeps the talks they are in, unless the visitor waits too long for the next word.
    """
    given = chat.given_at or NEVER
    if chat.by_hand and now - given < PATIENCE:
        return ""
    if vanished:
        return "gone"
    if away_since is None:
        return ""
    unanswered = not chat.spoken and given <= away_since
    waits_too_long = now - max(chat.since, given) >= PATIENCE
    return "away" if unanswered or waits_too_long else ""

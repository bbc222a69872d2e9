"""Whether an agent takes chats now: their own word, and whether a window of theirs is open.

The live part notes windows (`heard`, `left`); chat.assignment asks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlmodel import col

from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Availability
from helpdesk.store.db import Unit

NOTED_EVERY = timedelta(seconds=30)
PRESENT_FOR = timedelta(seconds=75)  # after the last note, should its process have died
VANISHED_AFTER = timedelta(minutes=2)  # without a window: time enough to reload or to change the room
UNSEEN_FOR = timedelta(minutes=15)  # of those whose browser opens no socket; pages are noted every ten
MOST_CHATS = 50


def set_availability(unit: Unit, agent: Agent, state: str) -> None:
    """Raises Invalid for another word than available or away."""
    if state not in list(Availability):
        raise Invalid(lazy("say available or away"), field="state")
    if agent.availability == state:
        return
    agent.availability, agent.availability_at = state, unit.now
    unit.session.add(agent)
    unit.tell("availability_changed", None, agent=agent.pk)


def set_capacity(unit: Unit, agent: Agent, capacity: int) -> None:
    """How many live chats the helpdesk gives them at once; 0 is none."""
    if not 0 <= capacity <= MOST_CHATS:
        raise Invalid(lazy("choose a number from 0 to %(most)s"), field="chat_capacity", most=MOST_CHATS)
    if agent.chat_capacity == capacity:
        return
    agent.chat_capacity = capacity
    unit.session.add(agent)
    unit.tell("availability_changed", None, agent=agent.pk)


def heard(unit: Unit, agent_ids: Collection[int]) -> set[int]:
    """They have a window open. Returns for whom it is noted."""
    return _note(unit, agent_ids, present_at=unit.now, left_at=None)


def left(unit: Unit, agent_ids: Collection[int]) -> set[int]:
    """Their last window went. Returns for whom it is noted."""
    return _note(unit, agent_ids, present_at=unit.now, left_at=unit.now)


def takes_chats(now: datetime) -> ColumnElement[bool]:
    """Of agents: who may be given a chat, as far as they themselves are concerned."""
    return and_(
        col(Agent.active),
        col(Agent.availability) == Availability.AVAILABLE.value,
        col(Agent.left_at).is_(None),
        col(Agent.present_at) > now - PRESENT_FOR,
    )


def is_here(agent: Agent, now: datetime) -> bool:
    """The same of one agent."""
    available = agent.active and agent.availability == Availability.AVAILABLE
    present = agent.left_at is None and agent.present_at and agent.present_at > now - PRESENT_FOR
    return bool(available and present)


def has_vanished(agent: Agent, now: datetime) -> bool:
    """Nobody has seen them for so long that who waits for them waits in vain."""
    if not agent.active:
        return True
    if agent.present_at is None:
        return agent.last_seen_at is None or agent.last_seen_at < now - UNSEEN_FOR
    return (agent.left_at or agent.present_at) < now - VANISHED_AFTER


def _note(unit: Unit, agent_ids: Collection[int], **values: datetime | None) -> set[int]:
    """Who is being changed by somebody else is noted the next time: nobody is waited for while others are held."""
    if not agent_ids:
        return set()
    free = select(col(Agent.id)).where(col(Agent.id).in_(sorted(agent_ids))).with_for_update(skip_locked=True)
    ids = {pk for pk in unit.session.scalars(free) if pk is not None}
    unit.session.execute(
        update(Agent)
        .where(col(Agent.id).in_(ids))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return ids

"""Chats find an agent, and go back to the queue when theirs is not there.

Who gives out chats holds one lock, so that two processes never fill the same place twice. It is taken last in a unit
and only tickets are held under it, those that somebody else holds being left out: nobody waits for it in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import structlog
from sqlalchemy import exists, select, text, update
from sqlmodel import col

from helpdesk.chat.fitting import Held, by_turn, decide_release, plan_assignments
from helpdesk.chat.live import STAYS_LIVE, list_waiting, running
from helpdesk.chat.takers import get_taker, list_takers
from helpdesk.models import Agent, Direction, Event, Message, Status, Ticket
from helpdesk.people.availability import has_vanished, is_here
from helpdesk.people.notify import CHAT_GIVEN, notify
from helpdesk.store.db import Database, Unit
from helpdesk.tickets.change import changing

log = structlog.get_logger()

LOCK = 7_310_202_606  # of PostgreSQL's advisory ones
LOOKING = ("ticket_opened", "ticket_returned")

__all__ = ["assign_waiting", "drain", "plan_assignments", "reclaim", "settle", "take_next"]


def drain(database: Database) -> int:
    """Chats of those who are gone return to the queue, and the queue to those who are there; how many moved.

    Asks twice and writes nothing while nobody waits.
    """
    with database.read() as unit:
        gone, waiting = _list_gone(unit), list_waiting(unit)
        plan = plan_assignments(waiting, list_takers(unit)) if waiting else []
    if not gone and not plan:
        return 0
    with database.write() as unit:
        if not _try_lock(unit):
            return 0
        return _release(unit, gone) + assign_waiting(unit)


def assign_waiting(unit: Unit, brand_id: int | None = None) -> int:
    """Give the waiting chats, of one brand or of all, to whoever has room. Returns how many found somebody."""
    brands = None if brand_id is None else [brand_id]
    waiting = list_waiting(unit, brand_ids=brands)
    if not waiting:
        return 0
    if not unit.sqlite:
        _lock(unit)
        waiting = list_waiting(unit, brand_ids=brands)  # another may have been faster
    plan = dict(plan_assignments(waiting, list_takers(unit)))
    tickets = [one for one in _hold(unit, plan) if one.assignee_id is None]
    for ticket in tickets:
        _give(unit, ticket, unit.session.get_one(Agent, plan[ticket.pk]))
    _note_given(unit, {plan[one.pk] for one in tickets})
    return len(tickets)


def settle(unit: Unit) -> None:
    """At the end of a unit that took in messages: chats that began or came back find somebody at once.

    Should that fail, the messages stand all the same, and `drain` tries again.
    """
    named = [one.ids["ticket"] for one in unit.happened if one.name in LOOKING]
    tickets = [unit.session.get_one(Ticket, pk) for pk in dict.fromkeys(named)]
    seat(unit, {one.brand_id for one in tickets if one.channel == "chat" and one.assignee_id is None})


def seat(unit: Unit, brand_ids: Collection[int]) -> int:
    """The same where it is known whose chats wait. Returns how many found somebody."""
    told, seated = len(unit.happened), 0
    try:
        for brand_id in sorted(brand_ids):
            with unit.session.begin_nested():
                seated += assign_waiting(unit, brand_id)
    except Exception as error:
        del unit.happened[told:]
        log.error("chats_not_assigned", exc_info=error)
        return 0
    return seated


def take_next(unit: Unit, agent: Agent) -> Ticket | None:
    """The most urgent chat that this agent may take becomes theirs, whatever their capacity. None when none waits."""
    taker = get_taker(unit, agent)
    _lock(unit)
    fitting = [one for one in list_waiting(unit, brand_ids=taker.brand_ids, by_hand=True) if taker.fits(one)]
    for chat in by_turn(fitting):
        for ticket in [one for one in _hold(unit, [chat.ticket_id]) if one.assignee_id is None]:
            with changing(unit, ticket, "assigned", by=agent, agent=agent.pk, agent_name=agent.name):
                ticket.assignee_id = agent.pk
            _note_given(unit, [agent.pk])
            return ticket
    return None


def reclaim(unit: Unit, ticket: Ticket) -> None:
    """Before a visitor's message joins: nobody's again, if the one who had it is not there to go on."""
    if ticket.channel != "chat" or ticket.assignee_id is None:
        return
    agent = unit.session.get_one(Agent, ticket.assignee_id)
    returns = ticket.status == Status.CLOSED or unit.now - ticket.last_message_at > STAYS_LIVE
    if has_vanished(agent, unit.now):
        give_back(unit, ticket, agent, "gone")
    elif returns and not is_here(agent, unit.now):
        give_back(unit, ticket, agent, "away")


def give_back(unit: Unit, ticket: Ticket, agent: Agent, reason: str) -> None:
    """To the queue. `reason`: gone or away."""
    with changing(unit, ticket, "returned", by=None, agent=agent.pk, agent_name=agent.name, reason=reason):
        ticket.assignee_id = None


def _list_gone(unit: Unit) -> dict[int, tuple[int, str]]:
    """Ticket id -> who loses it, and why."""
    waited_for = select(col(Ticket.assignee_id)).where(
        running(unit.now), col(Ticket.assignee_id).is_not(None), col(Ticket.waiting_since).is_not(None)
    )
    found = list(unit.session.scalars(select(Agent).where(col(Agent.id).in_(waited_for))))
    suspects = {one.pk: one for one in found if has_vanished(one, unit.now) or one.availability == "away"}
    if not suspects:
        return {}
    gone: dict[int, tuple[int, str]] = {}
    for assignee_id, chat in _list_held(unit, list(suspects)):
        agent = suspects[assignee_id]
        away_since = agent.availability_at or agent.created_at if agent.availability == "away" else None
        vanished = has_vanished(agent, unit.now)
        if reason := decide_release(chat, vanished=vanished, away_since=away_since, now=unit.now):
            gone[chat.ticket_id] = assignee_id, reason
    return gone


def _list_held(unit: Unit, agent_ids: Sequence[int]) -> list[tuple[int, Held]]:
    """What these agents leave waiting, and since when they have it."""
    spoken = exists().where(
        col(Message.ticket_id) == col(Ticket.id),
        col(Message.agent_id) == col(Ticket.assignee_id),
        col(Message.direction) == Direction.OUT,
    )
    query = select(col(Ticket.id), col(Ticket.assignee_id), col(Ticket.waiting_since), spoken).where(
        running(unit.now), col(Ticket.assignee_id).in_(agent_ids), col(Ticket.waiting_since).is_not(None)
    )
    rows = unit.rows(query)
    given = select(col(Event.ticket_id), col(Event.agent_id), col(Event.created_at)).where(
        col(Event.ticket_id).in_([row[0] for row in rows]), col(Event.name).in_(("assigned", "transferred"))
    )
    last = {row[0]: row for row in unit.rows(given.order_by(col(Event.id)))} if rows else {}
    held = []
    for pk, assignee_id, since, has_spoken in rows:
        _, by_id, at = last.get(pk, (pk, None, None))
        held.append((assignee_id, Held(pk, since, at, by_id not in (None, assignee_id), bool(has_spoken))))
    return held


def _release(unit: Unit, gone: dict[int, tuple[int, str]]) -> int:
    """Those that are still as they were seen."""
    tickets = [one for one in _hold(unit, gone) if one.waiting_since and one.assignee_id == gone[one.pk][0]]
    for ticket in tickets:
        agent_id, reason = gone[ticket.pk]
        give_back(unit, ticket, unit.session.get_one(Agent, agent_id), reason)
    return len(tickets)


def _give(unit: Unit, ticket: Ticket, agent: Agent) -> None:
    with changing(unit, ticket, "assigned", by=None, agent=agent.pk, agent_name=agent.name, reason="queue"):
        ticket.assignee_id = agent.pk
    notify(unit, agent.pk, CHAT_GIVEN, ticket, by=None)


def _note_given(unit: Unit, agent_ids: Collection[int]) -> None:
    if not agent_ids:
        return
    unit.session.execute(
        update(Agent)
        .where(col(Agent.id).in_(sorted(agent_ids)))
        .values(chat_given_at=unit.now)
        .execution_options(synchronize_session=False)
    )


def _hold(unit: Unit, ticket_ids: Collection[int]) -> list[Ticket]:
    """As they are now, until the unit ends; without those that somebody else holds."""
    wanted = select(Ticket).where(col(Ticket.id).in_(ticket_ids), running(unit.now)).order_by(col(Ticket.id))
    held = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return list(unit.session.scalars(held)) if ticket_ids else []


def _lock(unit: Unit) -> None:
    if not unit.sqlite:
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _try_lock(unit: Unit) -> bool:
    """False while another process is giving out chats."""
    return unit.sqlite or bool(
        unit.session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK})
    )

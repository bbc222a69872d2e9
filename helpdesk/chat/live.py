"""Which chats are live: running, and either their visitor waits for us or was here a moment ago.

Counted against an agent's capacity; those that nobody has are the queue.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, text
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from helpdesk.chat.fitting import PATIENCE, Waiting
from helpdesk.models import ChannelAccount, Event, Team, Ticket, Visitor
from helpdesk.store.db import Unit

RUNNING = text(
    "tickets.channel = 'chat' AND tickets.status IN ('open', 'pending')"
)  # as ix_tickets_chats has it
STAYS_LIVE = timedelta(minutes=10)  # after the visitor was last seen
MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Queue:
    """How many chats nobody has, and since when the first of them waits."""

    count: int
    since: datetime | None


def running(now: datetime) -> ColumnElement[bool]:
    """Neither done nor asleep."""
    return _running(now)


def live(now: datetime) -> ColumnElement[bool]:
    """Of tickets, in a statement of any shape."""
    return _live(now, now - STAYS_LIVE)


def count_live(unit: Unit, agent_ids: Collection[int]) -> dict[int, int]:
    """By agent; who has none is not named."""
    if not agent_ids:
        return {}
    return {row[0]: row[1] for row in unit.rows(_of_agents(), _at(unit) | {"agents": list(agent_ids)})}


def list_live(unit: Unit, agent_id: int) -> list[Ticket]:
    """An agent's own: who waits longest first, then the others by their last word."""
    query = select(Ticket).where(live(unit.now), col(Ticket.assignee_id) == agent_id).order_by(col(Ticket.id))
    found = list(unit.session.scalars(query))
    return sorted(
        found, key=lambda one: (one.waiting_since is None, one.waiting_since or one.last_message_at)
    )


def list_waiting(
    unit: Unit, *, brand_ids: Collection[int] | None = None, by_hand: bool = False
) -> list[Waiting]:
    """Live chats that nobody has; `by_hand` also those of widgets whose chats are not given out."""
    rows = [
        row for row in unit.rows(_of_nobody(), _at(unit)) if brand_ids is None or row.brand_id in brand_ids
    ]
    passers = {} if by_hand else _list_passers(unit, [row.id for row in rows if row.team_id])
    rules = _rules(unit, {row.account_id for row in rows if row.account_id})
    found = []
    for pk, brand_id, urgency, since, last, team_id, account_id in rows:
        rule, widget_team = rules.get(account_id, ("", None))
        if by_hand or rule != MANUAL:
            team_id = team_id or widget_team
            found.append(Waiting(pk, brand_id, urgency, since or last, team_id, passers.get(pk)))
    return found


def find_queue(unit: Unit, brand_ids: Collection[int]) -> Queue:
    """What an agent of these brands sees of it."""
    since = func.min(func.coalesce(Ticket.waiting_since, Ticket.last_message_at))
    query = (
        select(col(Ticket.brand_id), func.count(), since)
        .where(live(unit.now), col(Ticket.assignee_id).is_(None))
        .group_by(col(Ticket.brand_id))
    )
    seen = [row for row in unit.rows(query) if row[0] in brand_ids]
    return Queue(sum(row[1] for row in seen), min((row[2] for row in seen), default=None))


def _running(now: Any) -> ColumnElement[bool]:
    return and_(RUNNING, or_(col(Ticket.snoozed_until).is_(None), col(Ticket.snoozed_until) <= now))


def _live(now: Any, since: Any) -> ColumnElement[bool]:
    seen = col(Visitor.last_seen_at) > since
    here = exists().where(col(Visitor.ticket_id) == col(Ticket.id), seen).correlate(Ticket)
    return and_(_running(now), or_(col(Ticket.waiting_since).is_not(None), here))


def _at(unit: Unit) -> dict[str, object]:
    return {"now": unit.now, "since": unit.now - STAYS_LIVE}


def _live_then() -> ColumnElement[bool]:
    return _live(bindparam("now", type_=UTCDateTime()), bindparam("since", type_=UTCDateTime()))


@cache
def _of_agents() -> Select[Any]:
    """Every new chat asks: such statements are put together once."""
    columns: tuple[Any, ...] = (col(Ticket.assignee_id), func.count())
    theirs = col(Ticket.assignee_id).in_(bindparam("agents", expanding=True))
    return select(*columns).where(_live_then(), theirs).group_by(col(Ticket.assignee_id))


@cache
def _of_nobody() -> Select[Any]:
    columns: tuple[Any, ...] = (
        *(col(Ticket.id), col(Ticket.brand_id), col(Ticket.urgency), col(Ticket.waiting_since)),
        *(col(Ticket.last_message_at), col(Ticket.team_id), col(Ticket.account_id)),
    )
    return select(*columns).where(_live_then(), col(Ticket.assignee_id).is_(None))


def _list_passers(unit: Unit, ticket_ids: Collection[int]) -> dict[int, int]:
    """By chat, who has passed it on to its team a moment ago: it does not come straight back to them."""
    query = select(col(Event.ticket_id), col(Event.agent_id)).where(
        col(Event.ticket_id).in_(ticket_ids),
        col(Event.name) == "transferred",
        col(Event.created_at) > unit.now - PATIENCE,
    )
    return {row[0]: row[1] for row in unit.rows(query.order_by(col(Event.id)))} if ticket_ids else {}


def _rules(unit: Unit, account_ids: Collection[int]) -> dict[int, tuple[str, int | None]]:
    """By widget: whether its chats are given out, and to which team alone."""
    if not account_ids:
        return {}
    query = select(col(ChannelAccount.id), col(ChannelAccount.config)).where(
        col(ChannelAccount.id).in_(account_ids)
    )
    configs = dict(unit.rows(query))
    keys = {str(config["team"]) for config in configs.values() if config.get("team")}
    named = select(col(Team.key), col(Team.id)).where(col(Team.key).in_(keys))
    teams = dict(unit.rows(named)) if keys else {}
    return {
        pk: (str(config.get("assign") or ""), teams.get(str(config.get("team") or "")))
        for pk, config in configs.items()
    }

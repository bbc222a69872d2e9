"""Agents who want to hear of every answer in a ticket."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from helpdesk.models import Agent, Follower, Message, Ticket
from helpdesk.people.notify import ANSWERED, notify
from helpdesk.store.db import Unit


def follow(unit: Unit, ticket: Ticket, agent: Agent) -> bool:
    """False when they did already."""
    if unit.session.get(Follower, (ticket.pk, agent.pk)) is not None:
        return False
    unit.session.add(Follower(ticket_id=ticket.pk, agent_id=agent.pk, created_at=unit.now))
    unit.session.flush()
    unit.tell("ticket_followed", ticket.brand_id, ticket=ticket.pk)
    return True


def unfollow(unit: Unit, ticket: Ticket, agent: Agent) -> bool:
    """False when they did not follow it."""
    found = unit.session.get(Follower, (ticket.pk, agent.pk))
    if found is None:
        return False
    unit.session.delete(found)
    unit.session.flush()
    unit.tell("ticket_unfollowed", ticket.brand_id, ticket=ticket.pk)
    return True


def list_followers(unit: Unit, ticket_id: int) -> list[Agent]:
    """By name; who may not sign in any more is left out."""
    return list(unit.session.scalars(_following(), {"ticket": ticket_id}))


@cache
def _following() -> Select[Any]:
    return (
        select(Agent)
        .join(Follower, col(Follower.agent_id) == col(Agent.id))
        .where(col(Follower.ticket_id) == bindparam("ticket"), col(Agent.active))
        .order_by(col(Agent.name))
    )


def tell_followers(
    unit: Unit, ticket: Ticket, *, by: Agent | None, message: Message, without: Collection[int] = ()
) -> None:
    """Somebody wrote: the customer (`by` is None) or a colleague. `without` know of it already."""
    for agent in list_followers(unit, ticket.pk):
        if agent.pk not in without:
            notify(unit, agent.pk, ANSWERED, ticket, by=by, message=message, direction=message.direction)

"""Four eyes for what is unlearned: a tag that one agent alone takes off again and again waits for a second person.

A tag too many costs little, a tag that the model forgets costs the whole team. Called by lessons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from helpdesk.access import BUILT_IN
from helpdesk.models import Agent, CustomRole
from helpdesk.store.db import Unit

MOST = 9  # tickets from which one agent alone may take a tag, and the model learns it
LEADING = "tags"  # the right of those whose word needs no second


@dataclass(frozen=True, slots=True)
class Alone:
    """One agent took this tag off so many tickets, and nobody else did."""

    tag: str
    agent_id: int
    tickets: int


def find_alone(refusals: Iterable[tuple[str, int, int]], leads: Collection[int]) -> list[Alone]:
    """Of tags, agents and tickets: the tags that one agent who leads nobody took off more tickets than one may."""
    found: dict[str, dict[int, set[int]]] = {}
    for tag, agent_id, ticket_id in refusals:
        found.setdefault(tag, {}).setdefault(agent_id, set()).add(ticket_id)
    return [
        Alone(tag, agent_id, len(tickets))
        for tag, by in sorted(found.items())
        if len(by) == 1
        for agent_id, tickets in by.items()
        if len(tickets) > MOST and agent_id not in leads
    ]


def list_leads(unit: Unit) -> set[int]:
    """Ids of the agents who may change tags."""
    custom = unit.rows(select(col(CustomRole.key), col(CustomRole.rights)))
    given = [*BUILT_IN.items(), *((key, frozenset(rights)) for key, rights in custom)]
    roles = [role for role, rights in given if LEADING in rights]
    return set(unit.session.scalars(select(col(Agent.id)).where(col(Agent.role).in_(roles))))

"""Agents who can be given a chat now, with all that a plan needs to know of them. Read by assignment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from helpdesk.access import BUILT_IN
from helpdesk.chat.fitting import Taker
from helpdesk.chat.live import count_live
from helpdesk.models import Agent, AgentBrand, Availability, Brand, CustomRole, Role, Team, TeamAgent
from helpdesk.people.availability import has_vanished, is_here, takes_chats
from helpdesk.store.db import Unit

RIGHT = "reply"


def list_takers(unit: Unit) -> list[Taker]:
    """Who is there, available, may answer, and has room; each with what they have now."""
    query = select(col(Agent.id), col(Agent.role), col(Agent.chat_capacity), col(Agent.chat_given_at)).where(
        takes_chats(unit.now), col(Agent.chat_capacity) > 0
    )
    rows = unit.rows(query)
    may = _roles_that_reply(unit, {row.role for row in rows})
    rows = [row for row in rows if row.role in may]
    ids = [row.id for row in rows]
    live = count_live(unit, ids)
    rows = [row for row in rows if live.get(row.id, 0) < row.chat_capacity]
    brands, teams = _reach(unit, {row.id: row.role for row in rows}), _teams(unit, [row.id for row in rows])
    return [
        Taker(
            row.id,
            brands.get(row.id, frozenset()),
            row.chat_capacity,
            live.get(row.id, 0),
            row.chat_given_at,
            teams.get(row.id, frozenset()),
        )
        for row in rows
    ]


def count_available(unit: Unit, brand_id: int, team_key: str = "") -> int:
    """How many take chats of this brand now, of that team if one is named; whether they have room does not matter."""
    query = select(col(Agent.id), col(Agent.role)).where(takes_chats(unit.now), col(Agent.chat_capacity) > 0)
    roles: dict[int, str] = dict(unit.rows(query))
    may = _roles_that_reply(unit, set(roles.values()))
    reach = _reach(unit, {pk: role for pk, role in roles.items() if role in may})
    there = [pk for pk, brands in reach.items() if brand_id in brands]
    if team_key and there:
        members = select(col(TeamAgent.agent_id)).join(Team, col(Team.id) == col(TeamAgent.team_id))
        of_team = members.where(col(Team.key) == team_key, col(TeamAgent.agent_id).in_(there))
        return len(unit.rows(of_team))
    return len(there)


def state_of(agent: Agent, live: int, now: datetime) -> str:
    """available, full, away or gone: what colleagues see of somebody."""
    if has_vanished(agent, now):
        return "gone"
    if agent.availability == Availability.AWAY:
        return "away"
    if not is_here(agent, now):
        return "gone"
    return "available" if live < agent.chat_capacity else "full"


def get_taker(unit: Unit, agent: Agent) -> Taker:
    """One who asks for a chat by hand: wherever they are, with room for it."""
    brands = _reach(unit, {agent.pk: agent.role}).get(agent.pk, frozenset())
    return Taker(agent.pk, brands, 1, team_ids=_teams(unit, [agent.pk]).get(agent.pk, frozenset()))


def _roles_that_reply(unit: Unit, roles: set[str]) -> set[str]:
    own = roles - BUILT_IN.keys()
    if not own:
        return {one for one in roles if RIGHT in BUILT_IN[one]}
    named = select(col(CustomRole.key), col(CustomRole.rights)).where(col(CustomRole.key).in_(own))
    rights = BUILT_IN | {key: frozenset(given) for key, given in unit.rows(named)}
    return {one for one in roles if RIGHT in rights.get(one, ())}


def _reach(unit: Unit, roles: dict[int, str]) -> dict[int, frozenset[int]]:
    """By agent the brands they see: administrators all."""
    query = select(col(AgentBrand.agent_id), col(AgentBrand.brand_id)).where(
        col(AgentBrand.agent_id).in_(roles)
    )
    found = _grouped(unit.rows(query)) if roles else {}
    admins = [pk for pk, role in roles.items() if role == Role.ADMIN]
    if admins:
        every = frozenset(row[0] for row in unit.rows(select(col(Brand.id))))
        found |= dict.fromkeys(admins, every)
    return found


def _teams(unit: Unit, agent_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    query = select(col(TeamAgent.agent_id), col(TeamAgent.team_id)).where(
        col(TeamAgent.agent_id).in_(agent_ids)
    )
    return _grouped(unit.rows(query)) if agent_ids else {}


def _grouped(pairs: Sequence[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}

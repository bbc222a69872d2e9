"""Teams of a brand: tickets can be given to one, and views shared with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, or_, select, update
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, AgentBrand, Role, Team, TeamAgent, Ticket, View
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class TeamWith:
    team: Team
    members: tuple[Agent, ...]


def list_teams(unit: Unit, brand_ids: Iterable[int]) -> list[TeamWith]:
    """With their members by name; two queries."""
    teams = list(
        unit.session.scalars(
            select(Team)
            .where(col(Team.brand_id).in_(list(brand_ids)))
            .order_by(col(Team.brand_id), col(Team.name))
        )
    )
    rows = unit.session.execute(
        select(col(TeamAgent.team_id), Agent)
        .join(Agent, col(Agent.id) == TeamAgent.agent_id)
        .where(col(TeamAgent.team_id).in_([team.pk for team in teams]))
        .order_by(col(Agent.name), col(Agent.id))
    ).all()
    return [TeamWith(team, tuple(agent for pk, agent in rows if pk == team.pk)) for team in teams]


def get_team(unit: Unit, access: Access, key: str) -> Team:
    found = unit.session.scalars(select(Team).where(col(Team.key) == key)).first()
    if found is None:
        raise NotFound(lazy("there is no such team"))
    access.require_brand(found.brand_id)
    return found


def list_candidates(unit: Unit, brand_id: int) -> list[Agent]:
    """Who may see the brand and still works here."""
    given = select(col(AgentBrand.agent_id)).where(col(AgentBrand.brand_id) == brand_id)
    wanted = select(Agent).where(
        col(Agent.active), or_(col(Agent.role) == Role.ADMIN, col(Agent.id).in_(given))
    )
    return list(unit.session.scalars(wanted.order_by(col(Agent.name), col(Agent.id))))


def create(unit: Unit, brand_id: int, *, name: str) -> Team:
    team = Team(brand_id=brand_id, name=_tidy(unit, brand_id, name, None))
    unit.session.add(team)
    unit.session.flush()
    return team


def change(unit: Unit, team: Team, *, name: str, member_keys: Collection[str]) -> None:
    """Members who may not see the brand are left out."""
    team.name = _tidy(unit, team.brand_id, name, team.pk)
    unit.session.add(team)
    members = [agent.pk for agent in list_candidates(unit, team.brand_id) if agent.key in member_keys]
    unit.session.execute(sql_delete(TeamAgent).where(col(TeamAgent.team_id) == team.pk))
    unit.session.add_all(TeamAgent(team_id=team.pk, agent_id=pk) for pk in members)


def delete(unit: Unit, team: Team) -> None:
    """Its tickets go back to nobody's team; views shared with it become their maker's own."""
    unit.session.execute(update(Ticket).where(col(Ticket.team_id) == team.pk).values(team_id=None))
    unit.session.execute(
        update(View).where(col(View.team_id) == team.pk).values(team_id=None, audience="private")
    )
    unit.session.execute(sql_delete(TeamAgent).where(col(TeamAgent.team_id) == team.pk))
    unit.session.delete(team)


def _tidy(unit: Unit, brand_id: int, name: str, team_id: int | None) -> str:
    name = " ".join(name.split())[:120]
    if not name:
        raise Invalid(lazy("the name is missing"), field="name")
    same = select(col(Team.id)).where(col(Team.brand_id) == brand_id, func.lower(Team.name) == name.lower())
    if any(pk != team_id for pk in unit.session.scalars(same)):
        raise Conflict(lazy("there is a team of this name already"))
    return name

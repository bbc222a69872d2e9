"""Whom and what a filter can name: colleagues, teams and brands that this agent may see, in one query."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import String, cast, literal, or_, select, union_all
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.models import Agent, AgentBrand, Brand, Role, Team
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Choices:
    """What stands in the address bar -> the name that people know."""

    colleagues: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    brands: dict[str, str] = field(default_factory=dict)


def read(unit: Unit, access: Access) -> Choices:
    members = select(col(AgentBrand.agent_id)).where(col(AgentBrand.brand_id).in_(access.brand_ids))
    may = or_(col(Agent.id).in_(members), col(Agent.role) == Role.ADMIN)
    found = unit.session.execute(
        union_all(
            select(literal("agent"), col(Agent.key), col(Agent.name)).where(col(Agent.active), may),
            select(literal("team"), cast(col(Team.id), String), col(Team.name)).where(
                col(Team.brand_id).in_(access.brand_ids)
            ),
            select(literal("brand"), col(Brand.key), col(Brand.name)).where(
                col(Brand.id).in_(access.brand_ids)
            ),
        )
    )
    choices = Choices()
    places = {"agent": choices.colleagues, "team": choices.teams, "brand": choices.brands}
    for kind, key, name in sorted(found, key=lambda row: str(row[2]).casefold()):
        places[kind][key] = name
    return choices

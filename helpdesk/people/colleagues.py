"""Who works for a brand: whom a ticket may be given to, and whom a note may call."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.models import Agent, AgentBrand, Role
from helpdesk.store.db import Unit


def list_colleagues(unit: Unit, brand_id: int) -> list[Agent]:
    """Who may see the brand and sign in, by name."""
    members = select(AgentBrand.agent_id).where(AgentBrand.brand_id == brand_id)
    may = col(Agent.id).in_(members) | (col(Agent.role) == Role.ADMIN)
    return list(unit.session.exec(select(Agent).where(col(Agent.active), may).order_by(col(Agent.name))))

"""Whose ticket it is: an agent's, a team's, both, or nobody's."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Team, TeamAgent, Ticket
from helpdesk.people.notify import ASSIGNED, notify
from helpdesk.store.db import Unit
from helpdesk.tickets.change import changing


def to(unit: Unit, ticket: Ticket, agent: Agent | None, *, by: Agent | None, tell: bool = True) -> None:
    """Give the ticket to an agent, or back to nobody. The team keeps it; the agent hears of it (`tell`)."""
    wanted = agent.pk if agent else None
    if ticket.assignee_id == wanted:
        return
    if agent is None:
        with changing(unit, ticket, "unassigned", by=by):
            ticket.assignee_id = None
        return
    with changing(unit, ticket, "assigned", by=by, agent=agent.pk, agent_name=agent.name):
        ticket.assignee_id = wanted
    if tell:
        notify(unit, agent.pk, ASSIGNED, ticket, by=by)


def to_team(unit: Unit, ticket: Ticket, team: Team | None, *, by: Agent | None) -> None:
    """Give the ticket to a team, or to none. An agent who is not of the team gives it up: it waits for the team."""
    wanted = team.pk if team else None
    if ticket.team_id == wanted:
        return
    if team and team.brand_id != ticket.brand_id:
        raise Invalid("this team works for another brand; choose another one", field="team")
    if team is None:
        with changing(unit, ticket, "unassigned_team", by=by):
            ticket.team_id = None
        return
    with changing(unit, ticket, "assigned_team", by=by, team=team.pk, team_name=team.name):
        ticket.team_id = wanted
        if ticket.assignee_id and unit.session.get(TeamAgent, (team.pk, ticket.assignee_id)) is None:
            ticket.assignee_id = None


def list_teams(unit: Unit, brand_id: int) -> list[Team]:
    """Teams of the brand by name."""
    return list(unit.session.exec(select(Team).where(Team.brand_id == brand_id).order_by(col(Team.name))))

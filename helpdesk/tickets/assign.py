"""Whose ticket it is."""

from __future__ import annotations

from helpdesk.models import Agent, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log


def to(unit: Unit, ticket: Ticket, agent: Agent | None, *, by: Agent | None) -> None:
    """Give the ticket to an agent, or back to nobody."""
    wanted = agent.pk if agent else None
    if ticket.assignee_id == wanted:
        return
    ticket.assignee_id = wanted
    if agent:
        log.write(unit, ticket, "assigned", by=by, agent=agent.pk, agent_name=agent.name)
    else:
        log.write(unit, ticket, "unassigned", by=by)

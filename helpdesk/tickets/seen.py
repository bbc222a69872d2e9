"""Until when an agent has read a ticket: what came in later is unread, for this agent alone.

Kept for the agent's own list; nobody else is shown who looked.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import bindparam, text
from sqlmodel.sql.sqltypes import UTCDateTime

from helpdesk.models import Agent, Ticket
from helpdesk.store.db import Unit

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a ticket that its agent marked as unread

SEE = text(
    "INSERT INTO ticket_seen (agent_id, ticket_id, at) VALUES (:agent, :ticket, :at) "
    "ON CONFLICT (agent_id, ticket_id) DO UPDATE SET at = excluded.at"
).bindparams(bindparam("at", type_=UTCDateTime()))


def is_new(ticket: Ticket, seen_at: datetime | None) -> bool:
    """Whether an agent who has read until `seen_at` has not yet seen the ticket as it is given here."""
    return seen_at is None or seen_at < until(ticket)


def mark(unit: Unit, ticket: Ticket, *, by: int) -> None:
    """The agent with the id `by` has seen the ticket as it is given here; what came in since stays unread."""
    _set(unit, ticket, by, until(ticket))


def mark_unread(unit: Unit, ticket: Ticket, *, by: Agent) -> None:
    """Bold again in this agent's list, whatever its status, until it is opened."""
    _set(unit, ticket, by.pk, NEVER)


def until(ticket: Ticket) -> datetime:
    """What having seen the ticket as it is now comes to."""
    return ticket.received_at or ticket.last_message_at


def _set(unit: Unit, ticket: Ticket, agent_id: int, at: datetime) -> None:
    """One statement, so that two windows of one agent may do this at once."""
    unit.session.execute(SEE, {"agent": agent_id, "ticket": ticket.pk, "at": at})

"""Everything that happened to a ticket, in full: who, what, when, and what each value was before.

With it, what happened to tickets that were merged into it, under their own numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import col

from helpdesk.inbox.eventline import EventLine, lines
from helpdesk.models import Agent, Event, Ticket
from helpdesk.store.db import Unit

MOST = 1000
HIDDEN = frozenset(("text_reasons", "urgency_reasons", "preview", "received_at", "merged_into_id"))


@dataclass(frozen=True, slots=True)
class LogLine:
    """An event with its changes as (name, before, after); `origin` is the number of a merged ticket, else 0."""

    line: EventLine
    changes: tuple[tuple[str, Any, Any], ...]
    origin: int


def read(unit: Unit, ticket: Ticket, labels: dict[str, str]) -> list[LogLine]:
    """Newest first."""
    columns = (col(Event.id), col(Event.created_at), col(Event.name), col(Event.data), col(Agent.name))
    wanted = (
        select(*columns, col(Ticket.id), col(Ticket.number))
        .join(Ticket, col(Ticket.id) == col(Event.ticket_id))
        .outerjoin(Agent, col(Agent.id) == col(Event.agent_id))
        .where(or_(col(Event.ticket_id) == ticket.pk, col(Ticket.merged_into_id) == ticket.pk))
        .order_by(col(Event.id).desc())
        .limit(MOST)
    )
    found = []
    for pk, at, name, data, by, ticket_id, number in unit.session.execute(wanted):
        said = lines([(pk, at, name, data, by)], labels)
        line = said[0] if said else EventLine(at, name, "send", "", by or "", pk)
        found.append(LogLine(line, _changes(data), 0 if ticket_id == ticket.pk else number))
    return found


def moment(value: object) -> datetime | None:
    """A kept time, to be shown as one."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 18 else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _changes(data: dict[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    was, became = data.get("was"), data.get("became")
    if not isinstance(was, dict) or not isinstance(became, dict):
        return ()
    flat = dict(_flat(was)), dict(_flat(became))
    names = dict.fromkeys((*flat[0], *flat[1]))
    changed = ((name, flat[0].get(name), flat[1].get(name)) for name in names if name not in HIDDEN)
    return tuple((name, before, after) for name, before, after in changed if before != after)


def _flat(values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Custom fields each under their own name."""
    own = values.get("fields")
    rest = [(name, value) for name, value in values.items() if name != "fields"]
    return rest + (list(own.items()) if isinstance(own, dict) else [])

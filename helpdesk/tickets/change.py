"""A change of a ticket that can be taken back: its event keeps what the changed values were, and what they became."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import col, select

from helpdesk.errors import Conflict, NotFound
from helpdesk.models import Agent, Event, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import combine, log

SCORED = ("urgency", "urgency_reasons")  # follows from the rest; ranking sees to it


@contextmanager
def changing(unit: Unit, ticket: Ticket, name: str, *, by: Agent | None, **data: object) -> Iterator[None]:
    """What the block changes on the ticket is written to its log as `name`, with before and after."""
    was = combine.picture(ticket)
    yield
    became = combine.picture(ticket)
    changed = [one for one in was if was[one] != became[one] and one not in SCORED]
    was, became = {one: was[one] for one in changed}, {one: became[one] for one in changed}
    log.write(unit, ticket, name, by=by, **data, was=was, became=became)


def find_last(unit: Unit, ticket: Ticket, *, by: Agent) -> Event | None:
    """The newest event of the ticket, if this agent has just made it and it can be undone."""
    unit.session.flush()
    newest = select(Event).where(Event.ticket_id == ticket.pk).order_by(col(Event.id).desc()).limit(1)
    event = unit.session.exec(newest).first()
    mine = event is not None and event.agent_id == by.pk and event.created_at == unit.now
    return event if mine and event and event.data.get("was") else None


def undo(unit: Unit, ticket: Ticket, event_id: int, *, by: Agent | None) -> str:
    """The name of what was undone, by its own doer. Raises Conflict when the ticket went on since."""
    event = unit.session.get(Event, event_id)
    foreign = event is None or event.ticket_id != ticket.pk or (by is not None and event.agent_id != by.pk)
    if event is None or foreign or "was" not in event.data:
        raise NotFound("there is nothing to undo here any more")
    now, became = combine.picture(ticket), event.data["became"]
    if any(now[one] != became[one] for one in became):
        raise Conflict("the ticket was changed since; undo it by hand")
    with changing(unit, ticket, "undone", by=by, of=event.name):
        combine.hang(ticket, event.data["was"])
    return event.name

"""How every action on a ticket begins: a writing unit, the ticket if this agent may see it, and the agent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.requests import Request

from helpdesk.errors import Conflict
from helpdesk.inbox import reach
from helpdesk.models import Agent, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets.home import find_home
from helpdesk.tickets.lock import lock
from helpdesk.web import state


@dataclass(frozen=True, slots=True)
class Acting:
    unit: Unit
    ticket: Ticket
    by: Agent


@contextmanager
def acting(request: Request, *, hold: bool = True, around: bool = False) -> Iterator[Acting]:
    """Commits when the block ends well. Without `hold` the block itself sees to locks: it needs several tickets.

    `around` as for `reach.get_ticket`.
    """
    access = state.access(request)
    with state.parts(request).database.write() as unit:
        ticket = reach.get_ticket(unit, access, request.path_params["key"], around=around)
        if hold:
            lock(unit, ticket)
        if ticket.status == Status.MERGED:
            number = find_home(unit, ticket).number
            raise Conflict("this ticket was merged into #%(number)s; go on there", number=number)
        yield Acting(unit, ticket, unit.session.merge(state.agent(request), load=False))

"""Where an agent goes after closing: to the next ticket of the list, to the list, or nowhere, as they prefer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.inbox import cursor, listing
from helpdesk.inbox.filter import Filter, parse
from helpdesk.models import Ticket
from helpdesk.store.db import Unit
from helpdesk.web import state
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.answer import Undo

PREFERENCE, CHOICES = "after_close", ("next", "list", "stay")


def find_next(unit: Unit, request: Request, ticket: Ticket) -> str:
    """Key of the row after this one in the list as it is, else of the list's first; "" when there is no other.

    Asked before the ticket changes: afterwards it has no place in the list.
    """
    if preference(request) != "next":
        return ""
    access, chosen = state.access(request), parse(request.query_params)
    below = listing.rows(unit, access, chosen, after=_place(ticket, chosen), limit=1).rows
    rows = below or listing.rows(unit, access, chosen, limit=2).rows
    return next((row.key for row in rows if row.key != ticket.key), "")


def on(request: Request, following: str, *, notice: str, undo: Undo | None) -> Response:
    """The answer to an action after which the ticket is done."""
    if following:
        return answer.go(request, following, notice=notice, undo=undo)
    if preference(request) == "list":
        return answer.leave(request, f"/{answer.list_query(request)}", notice=notice)
    return page.changed(request, notice=notice, undo=undo)


def preference(request: Request) -> str:
    chosen = state.agent(request).preferences.get(PREFERENCE)
    return chosen if chosen in CHOICES else "next"


def _place(ticket: Ticket, chosen: Filter) -> str:
    """The cursor of the ticket's own row."""
    since = {
        "urgency": ticket.waiting_since or ticket.created_at,
        "waiting": ticket.waiting_since or listing.NEVER_WAITED,
        "updated": ticket.last_message_at,
    }.get(chosen.order_by, ticket.created_at)
    return cursor.put(since, ticket.pk, ticket.urgency)

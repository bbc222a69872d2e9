"""GET /tickets/{key}/visitor: who talks in this ticket, a line for its page or JSON; windows hear changes by /live."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.chat.card import find_card
from helpdesk.errors import NotFound
from helpdesk.inbox import reach
from helpdesk.models import Ticket
from helpdesk.store.db import Unit
from helpdesk.web import render, state


def show(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        card = find_card(unit, ticket)
    if card is None:
        raise NotFound("nobody chats in this ticket")
    if render.wants_part(request):
        return render.fragment(request, "agent/ticket/_visitor.html", ticket=ticket, visitor=card)
    return JSONResponse(asdict(card) | {"last_seen_at": card.last_seen_at.isoformat()})


def context(unit: Unit, ticket: Ticket) -> dict[str, Any]:
    """For pages about a ticket: None where nobody chats."""
    return {"visitor": find_card(unit, ticket) if ticket.channel in CONVERSATIONAL else None}

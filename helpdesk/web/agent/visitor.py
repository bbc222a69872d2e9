"""GET /tickets/{key}/visitor: who talks in this ticket, for the panel of a chat; windows get changes by /live."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk.chat.card import find_card
from helpdesk.errors import NotFound
from helpdesk.inbox import reach
from helpdesk.web import state


def show(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        card = find_card(unit, ticket)
    if card is None:
        raise NotFound("nobody chats in this ticket")
    return JSONResponse(asdict(card) | {"last_seen_at": card.last_seen_at.isoformat()})

"""GET /agents/mentionable: whom a note on a ticket may call, for the composer's `@` menu."""

from __future__ import annotations

import unicodedata

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk.inbox import reach
from helpdesk.models import Agent
from helpdesk.web import state
from helpdesk.web.render import initials

MOST = 8


def mentionable(request: Request) -> Response:
    """`[{"key", "name", "initials"}]` of colleagues who may see the ticket's brand; `?q=` narrows by name."""
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, access, request.query_params.get("ticket", ""))
        colleagues = reach.list_colleagues(unit, ticket.brand_id)
    wanted = _plain(request.query_params.get("q", "")[:60])
    found = [one for one in colleagues if one.pk != access.agent_id and _fits(one, wanted)]
    found.sort(key=lambda one: not _plain(one.name).startswith(wanted))
    return JSONResponse(
        [{"key": one.key, "name": one.name, "initials": initials(one.name)} for one in found[:MOST]]
    )


def _fits(agent: Agent, wanted: str) -> bool:
    """By any part of the name, or by the beginning of the address: not everybody can type 高橋 at once."""
    return wanted in _plain(agent.name) or agent.email.startswith(wanted)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())

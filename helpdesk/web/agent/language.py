"""`/tickets/{key}/language`: does what is being written suit the customer's language?"""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk.inbox import language, reach
from helpdesk.web import forms, state


def check(request: Request) -> Response:
    """Nothing is kept of the text."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
    return JSONResponse(asdict(language.check(forms.of(request).value("body"), ticket.language)))

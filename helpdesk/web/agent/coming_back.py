"""Where an agent goes after something was done to a customer: to where they came from, with the way to undo it."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.models import Customer
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer

PLACES = re.compile(r"/(tickets|customers|chats)/[\w/-]{1,80}(\?[\w%&=.,+:~-]{0,500})?", re.ASCII)


def asked(request: Request) -> str:
    """The page named by `back`, if it is one of those that a customer is shown on; else nothing."""
    wanted = request.query_params.get("back") or forms.of(request).value("back")
    return wanted if PLACES.fullmatch(wanted) else ""


def query(request: Request) -> str:
    """For the next address, so that it leads back as well."""
    back = asked(request)
    return f"?back={quote(back, safe='')}" if back else ""


def place(request: Request, customer: Customer) -> str:
    """From a customer's page it is that of who is meant now: the other one may be part of them."""
    back = asked(request)
    own = back.startswith("/customers/") and not back.startswith("/customers/merges")
    return f"/customers/{customer.key}" if own or not back else back


def go(request: Request, path: str, *, notice: str = "", undo: str = "") -> Response:
    """`undo` is the address that takes it back: its notice lives on over the change of pages."""
    if not render.wants_part(request):
        return render.redirect(request, path, notice=notice)
    if not undo:
        response = render.redirect(request, path, notice=notice)
        response.status_code = 200
        del response.headers["location"]
    else:
        seconds = answer.seconds(state.agent(request))
        told = answer.told(notice, undo=(undo, seconds))
        response = Response(headers={"HX-Trigger": json.dumps({"notice": told})})
    response.headers["HX-Redirect"] = path
    return response

"""What an action on a ticket answers with: notices that can be undone, and the way to another ticket."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.inbox.filter import parse
from helpdesk.models import Agent
from helpdesk.tickets import change
from helpdesk.web import render, state
from helpdesk.web.agent.acting import Acting
from helpdesk.web.agent.inbox import query_of

Undo = tuple[str, int]  # a URL to post to, and for how many seconds the notice offers it
SECONDS = 10


def told(notice: str, kind: str = "ok", undo: Undo | None = None) -> dict[str, Any]:
    """A notice as the browser takes it, with a button that undoes what it tells of."""
    said: dict[str, Any] = {"text": notice, "kind": kind}
    if undo:
        said["action"] = {"label": _("Undo"), "url": undo[0], "seconds": undo[1]}
    return said


def undo_of(request: Request, at: Acting) -> Undo | None:
    """How to undo what was done to the ticket just now, if that can be done."""
    event = change.find_last(at.unit, at.ticket, by=at.by)
    return undo_url(request, f"undo/{event.pk}") if event else None


def undo_url(request: Request, path: str, *, key: str = "") -> Undo:
    """`path` below the ticket of this request, or of the one named."""
    where = f"/tickets/{key or request.path_params['key']}/{path}{list_query(request)}"
    return where, seconds(state.agent(request))


def seconds(agent: Agent) -> int:
    """For how long the agent wants to be offered that something is undone."""
    given = agent.preferences.get("undo_seconds", SECONDS)
    return max(5, min(given, 60)) if isinstance(given, int) else SECONDS


def go(
    request: Request, key: str, *, notice: str = "", undo: Undo | None = None, kind: str = "ok"
) -> Response:
    """Another ticket, in the place of this one."""
    path = f"/tickets/{key}{list_query(request)}"
    if not render.wants_part(request):
        return render.redirect(request, path, notice=notice, kind=kind)
    place = {"path": path, "target": "#conversation", "swap": "outerHTML show:none"}
    events: dict[str, Any] = {"inbox-changed": True}
    if notice:
        events["notice"] = told(notice, kind, undo)
    headers = {"HX-Location": json.dumps(place), "HX-Trigger": json.dumps(events)}
    return Response(status_code=200, headers=headers)


def leave(request: Request, path: str, *, notice: str = "") -> Response:
    """Another page altogether."""
    response = render.redirect(request, path, notice=notice)
    if render.wants_part(request):
        response.status_code = 200
        response.headers["HX-Redirect"] = path
        del response.headers["location"]
    return response


def list_query(request: Request) -> str:
    """The list as it was, for the next address."""
    return query_of(parse(request.query_params))

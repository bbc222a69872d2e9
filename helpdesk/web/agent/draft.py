"""`/tickets/{key}/draft/{mode}`: what this agent has written and not sent yet, as JSON for the composer."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk.errors import Invalid
from helpdesk.inbox import reach
from helpdesk.models import Draft
from helpdesk.tickets import draft, staged
from helpdesk.web import forms, state
from helpdesk.web.agent.acting import acting
from helpdesk.web.agent.staged import described


def show(request: Request) -> Response:
    """Revision 0 when nothing is kept."""
    access, mode = state.access(request), draft.read_mode(request.path_params["mode"])
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, access, request.path_params["key"])
        found = draft.find(unit, access.agent_id, ticket.pk, mode)
        files = [described(one) for one in staged.list_files(unit, access.agent_id, ticket.pk, mode)]
    return JSONResponse(_said(found) | {"files": files})


def update(request: Request) -> Response:
    """409 with the other text when another window of the same agent was faster."""
    mode, given = draft.read_mode(request.path_params["mode"]), forms.json_of(request)
    content, revision = given.get("content"), given.get("revision")
    if not isinstance(content, dict) or not isinstance(revision, int) or not 0 <= revision < 2**31 - 1:
        raise Invalid("a draft needs its content and the revision that it is based on", field="revision")
    read = draft.read_content(content)
    try:
        with acting(request) as at:
            kept = draft.save(
                at.unit, at.ticket, agent_id=at.by.pk, mode=mode, content=read, revision=revision
            )
    except draft.Overwritten as error:
        return JSONResponse(_said(error.draft), status_code=409)
    if kept is None:
        return JSONResponse({"revision": 0, "saved_at": None})
    return JSONResponse({"revision": kept.revision, "saved_at": kept.updated_at.isoformat()})


def destroy(request: Request) -> Response:
    """The text and its files."""
    mode = draft.read_mode(request.path_params["mode"])
    with acting(request) as at:
        draft.discard(at.unit, at.by.pk, at.ticket.pk, mode)
        staged.discard(at.unit, at.by.pk, at.ticket.pk, mode)
    return Response(status_code=204)


def _said(found: Draft | None) -> dict[str, Any]:
    if found is None:
        return {"revision": 0, "content": None, "saved_at": None}
    return {
        "revision": found.revision,
        "content": found.content,
        "saved_at": found.updated_at.isoformat(),
    }

"""`/tickets/{key}/transfer`: pass a conversation on, with a note; in a dialog, or as a page of its own."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.chat import transfer
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.tickets.assign import list_teams
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting


def show(request: Request, *, problem: str = "", status: int = 200) -> Response:
    """`?in=chats` is the dialog beside other chats: what it posts is answered without this one."""
    access, form = state.access(request), forms.of(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, access, request.path_params["key"])
        choices = transfer.list_choices(unit, ticket, by=access.agent_id)
    return render.page(
        request,
        "agent/ticket/transfer.html",
        block="dialog",
        status=status,
        ticket=ticket,
        choices=choices,
        chosen=form.value("to"),
        note=form.value("note"),
        problem=problem,
        beside=request.query_params.get("in") == "chats",
        query=answer.list_query(request),
    )


def create(request: Request) -> Response:
    """`to` is `agent:KEY` or `team:KEY`, `note` what the receiver should know."""
    form = forms.of(request)
    note = form.text("note", most=10_000, lines=True)
    try:
        with acting(request) as at:
            name = _transfer(request, at, form.value("to"), note)
            undo = answer.undo_of(request, at)
    except Invalid as error:
        return _again(request, error)
    notice = _("Passed on to %(name)s.", name=name)
    key = request.path_params["key"]
    if request.query_params.get("in") == "chats" and render.wants_part(request):
        told = dict.fromkeys(("dialog-done", "chats-changed", "inbox-changed", f"ticket-{key}"), True)
        events = {**told, "notice": {"text": notice, "kind": "ok"}}
        return Response(status_code=204, headers={"HX-Trigger": json.dumps(events)})
    return page.changed(request, notice=notice, undo=undo)


def _transfer(request: Request, at: Acting, wanted: str, note: str) -> str:
    kind, _colon, key = wanted.partition(":")
    agent = reach.find_colleague(at.unit, at.ticket.brand_id, key) if kind == "agent" else None
    teams = {team.key: team for team in list_teams(at.unit, at.ticket.brand_id)} if kind == "team" else {}
    if agent is None and key not in teams:
        raise Invalid("choose a colleague or a team", field="to")
    files = state.parts(request).files
    return transfer.transfer(
        at.unit, at.ticket, agent=agent, team=teams.get(key), by=at.by, body=note, files=files
    )


def _again(request: Request, error: Invalid) -> Response:
    """The dialog with what is wrong, and everything that was written."""
    said = i18n.told(error)
    response = show(request, problem=said[:1].upper() + said[1:], status=422)
    response.headers.update({"HX-Retarget": "#transfer", "HX-Reswap": "outerHTML"})
    return response

"""`/tickets/{key}/assign`: who may take the ticket, and giving it to one of them or to a team."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.tickets import assign
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting


def index(request: Request) -> Response:
    """The colleagues and teams to choose from, for the menu."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        colleagues = reach.list_colleagues(unit, ticket.brand_id)
        teams = assign.list_teams(unit, ticket.brand_id)
    return render.fragment(
        request,
        "agent/ticket/_assignees.html",
        ticket=ticket,
        colleagues=colleagues,
        teams=teams,
        query=answer.list_query(request),
    )


def create(request: Request) -> Response:
    """`agent` is a colleague's key, `me`, or empty for nobody; `team` a team's key, or empty for none.

    Taking a ticket and giving it up is everybody's; deciding for others takes the right to."""
    form = forms.of(request)
    with acting(request) as at:
        if not _is_own(at, form):
            state.access(request).require("assign")
        notice = _to_team(at, form.value("team")) if "team" in form.data else _to(at, form.value("agent"))
        undo = answer.undo_of(request, at)
    return page.changed(request, notice=notice, undo=undo)


def _is_own(at: Acting, form: forms.Form) -> bool:
    if "team" in form.data:
        return False
    wanted = form.value("agent")
    return wanted in ("me", at.by.key) or (not wanted and at.ticket.assignee_id == at.by.pk)


def _to(at: Acting, wanted: str) -> str:
    found = at.by if wanted == "me" else reach.find_colleague(at.unit, at.ticket.brand_id, wanted)
    if wanted and found is None:
        raise Invalid(
            "this colleague does not work for the brand any more; choose another one", field="agent"
        )
    assign.to(at.unit, at.ticket, found, by=at.by)
    return _("Assigned to %(name)s.", name=found.name) if found else _("Assigned to nobody.")


def _to_team(at: Acting, wanted: str) -> str:
    teams = {team.key: team for team in assign.list_teams(at.unit, at.ticket.brand_id)}
    if wanted and wanted not in teams:
        raise Invalid("this team does not exist any more; choose another one", field="team")
    assign.to_team(at.unit, at.ticket, teams.get(wanted), by=at.by)
    return _("Given to the team %(name)s.", name=teams[wanted].name) if wanted else _("Taken from its team.")

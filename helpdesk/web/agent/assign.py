"""`/tickets/{key}/assign`: who may take the ticket, and giving it to one of them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.inbox.filter import parse
from helpdesk.tickets import assign
from helpdesk.web import forms, render, state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting
from helpdesk.web.agent.inbox import query_of


def index(request: Request) -> Response:
    """The colleagues to choose from, for the menu."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        colleagues = reach.list_colleagues(unit, ticket.brand_id)
    query = query_of(parse(request.query_params))
    return render.fragment(
        request, "agent/ticket/_assignees.html", ticket=ticket, colleagues=colleagues, query=query
    )


def create(request: Request) -> Response:
    """`agent` is a colleague's key, `me`, or empty for nobody."""
    wanted = forms.of(request).value("agent")
    with acting(request) as at:
        found = at.by if wanted == "me" else reach.find_colleague(at.unit, at.ticket.brand_id, wanted)
        if wanted and found is None:
            raise Invalid(
                "this colleague does not work for the brand any more; choose another one", field="agent"
            )
        assign.to(at.unit, at.ticket, found, by=at.by)
    notice = _("Assigned to %(name)s.", name=found.name) if found else _("Assigned to nobody.")
    return page.changed(request, notice=notice)

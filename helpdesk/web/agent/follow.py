"""`/tickets/{key}/followers`: who hears of every answer; follow and unfollow are mine alone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.tickets import follow
from helpdesk.web import render, state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def index(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        found = follow.list_followers(unit, ticket.pk)
    return render.fragment(request, "agent/ticket/_followers.html", followers=found)


def create(request: Request) -> Response:
    with acting(request) as at:
        follow.follow(at.unit, at.ticket, at.by)
    return page.changed(request, notice=_("You hear of every answer in this ticket."))


def destroy(request: Request) -> Response:
    with acting(request) as at:
        follow.unfollow(at.unit, at.ticket, at.by)
    return page.changed(request, notice=_("You no longer follow this ticket."))

"""`/availability`: the switch in the rail by which an agent takes chats or turns away from them."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.chat import assignment
from helpdesk.i18n import gettext as _
from helpdesk.models import Agent, Availability
from helpdesk.people import availability
from helpdesk.web import forms, render, state


def show(request: Request) -> Response:
    """The switch alone: another window of this agent may have turned it."""
    return render.fragment(request, "parts/_availability.html", renewed=True)


def update(request: Request) -> Response:
    """`state` is available or away. Who turns away loses the chats that they have not begun."""
    form, parts = forms.of(request), state.parts(request)
    wanted = form.value("state")
    with parts.database.write() as unit:
        agent = unit.session.get_one(Agent, state.agent(request).pk)
        availability.set_availability(unit, agent, wanted)
    assignment.drain(parts.database)
    if wanted == Availability.AWAY:
        notice = _("You are away: no new chats come to you.")
    else:
        notice = _("You take chats.")
    request.state.agent = agent
    if not render.wants_part(request):
        return render.redirect(request, _own(form.value("back")), notice=notice)
    response = render.fragment(request, "parts/_availability.html", renewed=True)
    response.headers["HX-Trigger"] = json.dumps(
        {"notice": {"text": notice, "kind": "ok"}, "inbox-changed": True}
    )
    return response


def _own(path: str) -> str:
    """A page of ours, whatever was asked for."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"

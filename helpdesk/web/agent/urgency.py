"""`/tickets/{key}/urgency`: an agent's own level, or `auto` to let the score rule again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.triage import learn
from helpdesk.web import forms
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    with acting(request) as at:
        learn.correct_urgency(at.unit, at.ticket, forms.of(request).value("level"), by=at.by)
    return page.changed(request)

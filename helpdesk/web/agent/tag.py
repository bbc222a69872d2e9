"""`/tickets/{key}/tags`: what the ticket is about, by an agent's word; the classifier learns from it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.triage import learn
from helpdesk.web import forms
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    with acting(request) as at:
        learn.correct_tag(at.unit, at.ticket, forms.of(request).text("tag", most=60), by=at.by, added=True)
    return page.changed(request)


def destroy(request: Request) -> Response:
    with acting(request) as at:
        learn.correct_tag(at.unit, at.ticket, request.path_params["name"], by=at.by, added=False)
    return page.changed(request)

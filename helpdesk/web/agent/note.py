"""`/tickets/{key}/notes`: a word to colleagues."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.tickets import note
from helpdesk.web import forms, state
from helpdesk.web.agent import reply
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    form = forms.of(request)
    body = form.value("body").replace("\r\n", "\n")
    try:
        with acting(request) as at:
            added = note.add(
                at.unit,
                at.ticket,
                by=at.by,
                body=body,
                files=state.parts(request).files,
                attachments=reply.uploads(request),
                token=form.value("token")[:40],
            )
            if added.text != body.strip():
                raise Invalid(reply.OLD_FORM)
    except Invalid as error:
        return reply.refuse(request, error, mode="note")
    return reply.answered(request, _("Note added."), mode="note")

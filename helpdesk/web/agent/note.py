"""`/tickets/{key}/notes`: a word to colleagues; its writer may correct it at `/tickets/{key}/notes/{message}`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.inbox.filter import parse
from helpdesk.models import Message, Ticket
from helpdesk.tickets import note
from helpdesk.web import forms, render, state
from helpdesk.web.agent import letter, reply
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting
from helpdesk.web.agent.inbox import query_of


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
                attachments=letter.uploads(request),
                staged=[one[:24] for one in forms.of(request).list("staged")],
                token=form.value("token")[:40],
            )
            if added.text != body.strip():
                raise Invalid(reply.OLD_FORM)
    except Invalid as error:
        return reply.refuse(request, error, mode="note")
    return reply.answered(request, _("Note added."), mode="note")


def edit(request: Request) -> Response:
    """The note as a form in its place."""
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, access, request.path_params["key"])
        message = _of(ticket, reach.get_message(unit, access, request.path_params["message"]))
    query = query_of(parse(request.query_params))
    return render.page(
        request, "agent/ticket/note.html", block="form", ticket=ticket, message=message, query=query
    )


def update(request: Request) -> Response:
    form = forms.of(request)
    with acting(request) as at:
        found = reach.get_message(at.unit, state.access(request), request.path_params["message"])
        message = _of(at.ticket, found)
        note.correct(at.unit, at.ticket, message, by=at.by, body=form.value("body").replace("\r\n", "\n"))
    return page.changed(request, notice=_("Note corrected."))


def _of(ticket: Ticket, message: Message) -> Message:
    if message.ticket_id != ticket.id:
        raise NotFound("this message belongs to another ticket; reload the page")
    return message

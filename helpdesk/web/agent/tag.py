"""`/tickets/{key}/tags`: what the ticket is about, by an agent's word; the classifier learns from it."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.tickets import tag
from helpdesk.triage import learn
from helpdesk.web import forms
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    """`tag` is a name or label, known or new; a new one may bring labels (`ja`, `en`) and a `colour`."""
    form = forms.of(request)
    labels = {language: form.text(language, most=60) for language in ("ja", "en")}
    with acting(request) as at:
        wanted = form.text("tag", most=60)
        found = tag.find_by_word(at.unit, at.ticket.brand_id, wanted)
        if found is None:
            found = tag.create(
                at.unit, at.ticket.brand_id, wanted, labels=labels, colour=form.value("colour")
            )
        learn.correct_tag(at.unit, at.ticket, found.name, by=at.by, added=True)
        shown = tag.label(found)
    undo = answer.undo_url(request, f"tags/{quote(found.name, safe='')}/remove")
    return page.changed(request, notice=_("Tagged: %(tag)s", tag=shown), undo=undo)


def destroy(request: Request) -> Response:
    name = request.path_params["name"]
    with acting(request) as at:
        learn.correct_tag(at.unit, at.ticket, name, by=at.by, added=False)
    undo = answer.undo_url(request, f"tags/{quote(name, safe='')}/add")
    return page.changed(request, notice=_("Tag removed."), undo=undo)


def again(request: Request) -> Response:
    """A tag that was just taken off, by its name."""
    with acting(request) as at:
        learn.correct_tag(at.unit, at.ticket, request.path_params["name"], by=at.by, added=True)
    return page.changed(request)

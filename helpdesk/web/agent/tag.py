"""`/tickets/{key}/tags`: what the ticket is about, by an agent's word; the classifier learns from it."""

from __future__ import annotations

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Correction, Tag
from helpdesk.tickets import tag
from helpdesk.triage import verdicts
from helpdesk.web import forms
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting
from helpdesk.web.agent.answer import Undo


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
        undo = _undo(request, verdicts.accept(at.unit, at.ticket, found.name, by=at.by))
        shown = tag.label(found)
    return page.changed(request, notice=_("Tagged: %(tag)s", tag=shown), undo=undo)


def accept(request: Request) -> Response:
    """The classifier is right, of a tag that it has set or one that it suggests."""
    with acting(request) as at:
        found = _find(at, request.path_params["name"])
        undo = _undo(request, verdicts.accept(at.unit, at.ticket, found.name, by=at.by))
        shown = tag.label(found)
    return page.changed(request, notice=_("Confirmed: %(tag)s", tag=shown), undo=undo)


def destroy(request: Request) -> Response:
    """Off the ticket, whoever put it there; of a suggestion, that it is none."""
    with acting(request) as at:
        found = _find(at, request.path_params["name"])
        said = verdicts.refuse(at.unit, at.ticket, found.name, by=at.by)
        undo, shown = _undo(request, said), tag.label(found)
    return page.changed(request, notice=_("Not about: %(tag)s", tag=shown), undo=undo)


def undo(request: Request) -> Response:
    """What was just said of a tag, as if it had not been said."""
    correction = request.path_params["correction"]
    if not correction.isascii() or not correction.isdecimal() or len(correction) > 12:
        raise NotFound("there is nothing to undo here any more")
    with acting(request) as at:
        verdicts.take_back(at.unit, at.ticket, int(correction), by=at.by)
    return page.changed(request, notice=_("Undone."))


def _find(at: Acting, name: str) -> Tag:
    wanted = select(Tag).where(Tag.brand_id == at.ticket.brand_id, Tag.name == name)
    found = at.unit.session.exec(wanted).first()
    if found is None:
        raise NotFound(lazy("there is no such tag"))
    return found


def _undo(request: Request, said: Correction | None) -> Undo | None:
    """Nothing to undo where it had been said before."""
    return answer.undo_url(request, f"verdicts/{said.pk}/undo") if said else None

"""`/chats/{key}/messages`, `/notes`, `/close`, `/undo/{event}` and `/chats/next`: what an agent does in a column.

Scripts ask with `Accept: application/json` and get what has to be known; without one the page comes again.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.automation import macro as automation
from helpdesk.chat import assignment
from helpdesk.errors import Forbidden, Invalid, LimitExceeded, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.models import Agent
from helpdesk.tickets import change, note, reply, seen
from helpdesk.tickets import close as closing
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer, chats
from helpdesk.web.agent import letter as letters
from helpdesk.web.agent import reply as replies
from helpdesk.web.agent.acting import Acting, acting

HERE = "/chats"
Refused = Forbidden | Invalid | LimitExceeded


def create(request: Request) -> Response:
    """Say it. What cannot be said comes back with the reason; no word is lost."""
    parts = state.parts(request)
    try:
        letter = letters.read(request, parts.database.clock())
        with acting(request) as at:
            message = reply.post(at.unit, at.ticket, letter, by=at.by, files=parts.files)
            if message.reply != letter.text:
                raise Invalid(replies.OLD_FORM)
            macro = parts.catalog.find(letter.macro[0]) if letter.macro else None
            if macro:
                automation.keep_version(at.unit, at.ticket.brand_id, macro)
            seen.mark(at.unit, at.ticket, by=at.by.pk)
            undo = _undo(request, at) if letter.close else None
    except (Forbidden, Invalid, LimitExceeded) as error:
        return _refuse(request, error)
    return _done(request, _("Sent and closed.") if letter.close else "", undo)


def create_note(request: Request) -> Response:
    form = forms.of(request)
    body = form.value("body").replace("\r\n", "\n")
    staged = [one[:24] for one in form.list("staged")]
    try:
        with acting(request) as at:
            files = state.parts(request).files
            token = form.value("token")[:40]
            note.add(at.unit, at.ticket, by=at.by, body=body, files=files, staged=staged, token=token)
    except Invalid as error:
        return _refuse(request, error)
    return _done(request, "")


def close(request: Request) -> Response:
    try:
        with acting(request) as at:
            closing.close(at.unit, at.ticket, by=at.by)
            undo = _undo(request, at)
    except Invalid as error:
        return _refuse(request, error)
    return _done(request, _("Closed."), undo)


def undo(request: Request) -> Response:
    event = request.path_params["event"]
    if not event.isascii() or not event.isdecimal() or len(event) > 12:
        raise NotFound("there is nothing to undo here any more")
    with acting(request) as at:
        change.undo(at.unit, at.ticket, int(event), by=at.by)
    return _done(request, _("Undone."))


def take_next(request: Request) -> Response:
    """The one that has to be answered first, whatever one has already."""
    with state.parts(request).database.write() as unit:
        agent = unit.session.get_one(Agent, state.access(request).agent_id)
        ticket = assignment.take_next(unit, agent)
        key = ticket.key if ticket else ""
    return _done(request, "" if key else _("Nobody is waiting any more."), at=key)


def _undo(request: Request, at: Acting) -> answer.Undo | None:
    event = change.find_last(at.unit, at.ticket, by=at.by)
    if event is None:
        return None
    _url, seconds = answer.undo_url(request, "")
    return f"{HERE}/{at.ticket.key}/undo/{event.pk}", seconds


def _done(request: Request, notice: str, undo: answer.Undo | None = None, *, at: str = "") -> Response:
    """`at` is the chat to go to."""
    if not _is_script(request):
        return render.redirect(request, f"{HERE}#chat-{at}" if at else HERE, notice=notice)
    events: dict[str, Any] = {"chats-changed": {"at": at}, "inbox-changed": True}
    if "key" in request.path_params:
        events[f"ticket-{request.path_params['key']}"] = True
    if notice:
        events["notice"] = answer.told(notice, "ok", undo)
    return JSONResponse({"events": events, "at": at}, headers=_headers(events))


def _refuse(request: Request, error: Refused) -> Response:
    said = replies.say(error) if not isinstance(error, Forbidden) else i18n.told(error)
    if _is_script(request):
        events = {"notice": answer.told(said, "error")}
        return JSONResponse({"error": said, "events": events}, 422, _headers(events))
    body = forms.of(request).value("body")
    wrong = {request.path_params["key"]: {"text": body, "problem": said}}
    return chats.page(request, status=422, given=wrong)


def _is_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "") or render.wants_part(request)


def _headers(events: dict[str, Any]) -> dict[str, str]:
    """For htmx, which does not read the body."""
    return {"HX-Trigger": json.dumps(events), "HX-Reswap": "none"}

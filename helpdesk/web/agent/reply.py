"""`/tickets/{key}/reply`: the answer, and with it what the macro brings along, in one transaction."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.automation import macro as automation
from helpdesk.errors import Invalid, LimitExceeded
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.inbox import conversation, reach
from helpdesk.inbox.filter import parse
from helpdesk.tickets import close as closing
from helpdesk.tickets import reply
from helpdesk.tickets.upload import Upload
from helpdesk.web import forms, render, state
from helpdesk.web.agent import macro as drafts
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting
from helpdesk.web.agent.inbox import CHANNELS, query_of
from macros.macro import Action

BYTES = "application/octet-stream"
TOO_LARGE = lazy("%(file)s is larger than %(most)s MB; send a smaller file")
ADDED_MEANWHILE = lazy("Something was added meanwhile; read it, then send again.")
OLD_FORM = lazy("This form was sent before with other words. Look at what was sent, then send again.")
OLD_PAGE = lazy("this form is too old; reload the page")
LONGEST_ACTION = 200


class Overtaken(Invalid):
    """The conversation went on while the answer was written."""


def create(request: Request) -> Response:
    """Queue the answer. What cannot be sent comes back in the composer with the reason; no word is lost."""
    form = forms.of(request)
    try:
        actions = _actions(form)
        with acting(request) as at:
            _send(request, at, actions)
    except (Invalid, LimitExceeded) as error:
        return refuse(request, error)
    closed = form.flag("close") or any(one.kind == "status" and one.value == "closed" for one in actions)
    return answered(request, _("Sent and closed.") if closed else _("Sent."))


def refuse(request: Request, error: Invalid | LimitExceeded, *, mode: str = "reply") -> Response:
    """The composer again, as it was, with what has to be done first."""
    form = forms.of(request)
    field = "note" if mode == "note" else "body"
    given: dict[str, Any] = {"mode": mode, field: form.value("body"), "problem": say(error)}
    if mode == "reply":
        given["draft"] = _draft_again(request)
    if not render.wants_part(request):
        return page.conversation_page(request, status=422, **given)
    context = page.composer_context(request, **given)
    overtaken = isinstance(error, Overtaken)
    known = page.messages_context(request) if overtaken else composer_for(request)
    name = "agent/ticket/_overtaken.html" if overtaken else "agent/ticket/_composer.html"
    response = render.fragment(request, name, status=422, **known, **context)
    response.headers.update({"HX-Retarget": "#composer", "HX-Reswap": "outerHTML"})
    return response


def answered(request: Request, notice: str, *, mode: str = "reply") -> Response:
    """The whole conversation anew, so that the composer is empty and the new message stands at its end."""
    if not render.wants_part(request):
        return render.redirect(request, page.here(request), notice=notice)
    response = page.conversation_page(request)
    said = {"composer-sent": {"key": request.path_params["key"], "mode": mode}, "inbox-changed": True}
    response.headers["HX-Trigger"] = json.dumps(said | {"notice": {"text": notice, "kind": "ok"}})
    return response


def uploads(request: Request) -> list[Upload]:
    """The attached files; raises Invalid for one above the limit."""
    most = state.parts(request).settings.max_upload_mb
    found = []
    for file in forms.of(request).files("attachments"):
        with file.file as opened:
            content = opened.read(most * 1_000_000 + 1)
        if len(content) > most * 1_000_000:
            raise Invalid(TOO_LARGE, field="attachments", file=file.filename, most=most)
        name, kind = (file.filename or "file").replace("\x00", ""), file.content_type or BYTES
        found.append(Upload(name, kind.replace("\x00", ""), content))
    return found


def say(error: Invalid | LimitExceeded) -> str:
    if missing := error.data.get("missing"):
        return _(
            "Fill in what is missing before sending: %(missing)s", missing=", ".join(map(str, _list(missing)))
        )
    if isinstance(error, LimitExceeded):
        used, allowed = error.data["used"], error.data["allowed"]
        words = _("The points are above a limit (%(used)s of %(allowed)s used).", used=used, allowed=allowed)
        return (
            words
            + " "
            + _("Remove them here and grant them beside the customer: a lead is asked to approve.")
        )
    return i18n.told(error)


def composer_for(request: Request) -> dict[str, Any]:
    """What the composer needs to know of its ticket."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        return {"ticket": ticket, "query": query_of(parse(request.query_params)), "channels": CHANNELS}


def _send(request: Request, at: Acting, actions: list[Action]) -> None:
    """Once for each composer; nothing is kept of it when the conversation went on without this agent."""
    form, parts, token = forms.of(request), state.parts(request), _token(request, actions)
    body = form.value("body").replace("\r\n", "\n")
    macro = parts.catalog.find(form.value("macro"))
    before = conversation.get_newest(at.unit, at.ticket.pk)
    message = reply.send(
        at.unit,
        at.ticket,
        by=at.by,
        body=body,
        files=parts.files,
        attachments=uploads(request),
        macro=(macro.key, form.value("macro_version")[:16] or macro.version) if macro else None,
        token=token,
    )
    if message.pk <= before:  # sent already: this submission is a repetition
        if message.reply != body.strip():
            raise Overtaken(OLD_FORM)
        return
    if before > _seen(form, before):
        raise Overtaken(ADDED_MEANWHILE)
    _act(at, actions, token)
    if macro:
        automation.keep_version(at.unit, at.ticket.brand_id, macro)
    if form.flag("close"):
        closing.close(at.unit, at.ticket, by=at.by)


def _token(request: Request, actions: list[Action]) -> str:
    """The composer's own; without one points could be given twice."""
    token = forms.of(request).value("token")[:40]
    if not token and any(action.kind == "grant_points" for action in actions):
        raise Invalid(OLD_PAGE, field="token")
    return token


def _seen(form: forms.Form, newest: int) -> int:
    """The newest message that the page showed; pages that do not say so have seen everything."""
    said = form.value("seen")[:12]
    return int(said) if said.isascii() and said.isdecimal() else newest


def _act(at: Acting, actions: list[Action], token: str) -> None:
    assigns = any(action.kind == "assign" for action in actions)
    colleagues = reach.list_colleagues(at.unit, at.ticket.brand_id) if assigns else []
    automation.apply(at.unit, at.ticket, actions, by=at.by, colleagues=colleagues, token=f"composer:{token}")


def _actions(form: forms.Form) -> list[Action]:
    return automation.read_actions([one[:LONGEST_ACTION] for one in form.list("action")])


def _draft_again(request: Request) -> drafts.Filled:
    """The macro's actions as they stood in the form; the text is the agent's own by now."""
    form = forms.of(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        try:
            chips = drafts.chips_of(unit, ticket, tuple(_actions(form)))
        except Invalid:
            chips = ()
    macro = state.parts(request).catalog.find(form.value("macro"))
    return drafts.Filled(
        key=macro.key if macro else "",
        version=form.value("macro_version")[:16],
        missing=drafts.holes(form.value("body")),
        chips=chips,
        confirmed=True,
    )


def _list(found: object) -> list[object]:
    return list(found) if isinstance(found, (list, tuple)) else [found]

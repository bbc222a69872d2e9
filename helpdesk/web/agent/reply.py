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
from helpdesk.inbox import reach
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


def create(request: Request) -> Response:
    """Queue the answer. What cannot be sent comes back in the composer with the reason; no word is lost."""
    form = forms.of(request)
    try:
        actions = automation.read_actions(form.list("action"))
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
    response = render.fragment(
        request, "agent/ticket/_composer.html", status=422, **composer_for(request), **context
    )
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
            raise Invalid(
                f"{file.filename} is larger than {most} MB; send a smaller file", field="attachments"
            )
        found.append(
            Upload(file.filename or "file", file.content_type or "application/octet-stream", content)
        )
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
    form, parts = forms.of(request), state.parts(request)
    macro = parts.catalog.find(form.value("macro"))
    colleagues = reach.list_colleagues(at.unit, at.ticket.brand_id) if _assigns(actions) else []
    reply.send(
        at.unit,
        at.ticket,
        by=at.by,
        body=form.value("body").replace("\r\n", "\n"),
        files=parts.files,
        attachments=uploads(request),
        macro=(macro.key, form.value("macro_version")[:16] or macro.version) if macro else None,
    )
    automation.apply(
        at.unit,
        at.ticket,
        actions,
        by=at.by,
        colleagues=colleagues,
        token=f"composer:{form.value('token')[:40]}",
    )
    if macro:
        automation.keep_version(at.unit, at.ticket.brand_id, macro)
    if form.flag("close"):
        closing.close(at.unit, at.ticket, by=at.by)


def _draft_again(request: Request) -> drafts.Filled:
    """The macro's actions as they stood in the form; the text is the agent's own by now."""
    form = forms.of(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        try:
            chips = drafts.chips_of(unit, ticket, tuple(automation.read_actions(form.list("action"))))
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


def _assigns(actions: list[Action]) -> bool:
    return any(action.kind == "assign" for action in actions)


def _list(found: object) -> list[object]:
    return list(found) if isinstance(found, (list, tuple)) else [found]

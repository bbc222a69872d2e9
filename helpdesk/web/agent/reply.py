"""`/tickets/{key}/reply`: the answer, and with it what the macro brings along, in one transaction."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.automation import macro as automation
from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.errors import Forbidden, Invalid, LimitExceeded
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.inbox import reach
from helpdesk.inbox.filter import parse
from helpdesk.models import Delivery, Message
from helpdesk.social import reading
from helpdesk.tickets import before, reply, rich, seen
from helpdesk.tickets.letter import Letter
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer, going, outward
from helpdesk.web.agent import letter as letters
from helpdesk.web.agent import macro as drafts
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting
from helpdesk.web.agent.answer import Undo
from helpdesk.web.agent.inbox import CHANNELS, query_of

ADDED_MEANWHILE = lazy("Something was added meanwhile; read it, then send again.")
OLD_FORM = lazy("This form was sent before with other words. Look at what was sent, then send again.")
Refused = Forbidden | Invalid | LimitExceeded
TIME_TO_CANCEL = 10  # seconds for which the notice of a scheduled answer offers it


class Overtaken(Invalid):
    """The conversation went on while the answer was written."""


def create(request: Request) -> Response:
    """Queue the answer. What cannot be sent comes back in the composer with the reason; no word is lost."""
    try:
        letter = letters.read(request, state.parts(request).database.clock())
        closes = _closes(letter)
        with acting(request, around=True) as at:
            following = going.find_next(at.unit, request, at.ticket) if closes else ""
            message = _send(request, at, letter)
            seen.mark(at.unit, at.ticket, by=at.by.pk)
            reading.seen(at.unit, at.ticket)
            delivery = reply.get_delivery(at.unit, message)
            notice, undo = _notice(at, letter, delivery), _undo(request, at, letter, delivery)
    except (Forbidden, Invalid, LimitExceeded) as error:
        return refuse(request, error)
    if closes and (following or going.preference(request) == "list"):
        return _with_word(request, going.on(request, following, notice=notice, undo=undo), "reply")
    return answered(request, notice, undo=undo)


def refuse(request: Request, error: Refused, *, mode: str = "reply") -> Response:
    """The composer again, as it was, with what has to be done first."""
    form = forms.of(request)
    field = "note" if mode == "note" else "body"
    words = form.value("body") or rich.text_of(rich.clean(form.value("html")))
    given: dict[str, Any] = {"mode": mode, field: words, "problem": say(error)}
    if mode == "reply":
        given["draft"] = _draft_again(request)
    if not render.wants_part(request):
        return page.conversation_page(request, status=422, **given)
    context = page.composer_context(request, **given)
    overtaken = isinstance(error, Overtaken)
    known = page.messages_context(request) if overtaken else composer_for(request)
    name = "agent/ticket/_overtaken.html" if overtaken else "agent/ticket/_composing.html"
    response = render.fragment(request, name, status=422, **known, **context)
    response.headers.update({"HX-Retarget": "#composer", "HX-Reswap": "outerHTML"})
    return response


def answered(request: Request, notice: str, *, mode: str = "reply", undo: Undo | None = None) -> Response:
    """An empty composer and what was added; the whole conversation for a page that lacked more than that."""
    if not render.wants_part(request):
        return render.redirect(request, page.here(request), notice=notice)
    response = page.conversation_page(request, shown=forms.of(request).value("shown")[:16])
    said = {"inbox-changed": True, "notice": answer.told(notice, "ok", undo)}
    if forms.of(request).list("action"):
        said["panel-changed"] = True
    response.headers["HX-Trigger"] = json.dumps(said)
    return _with_word(request, response, mode)


def say(error: Refused) -> str:
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


def _send(request: Request, at: Acting, letter: Letter) -> Message:
    """Once for each composer; nothing is kept of it when the conversation went on without this agent."""
    parts = state.parts(request)
    standing = before.look(at.unit, at.ticket, letter.token)
    if standing.same is None:
        letter = outward.complete(at.unit, at.ticket, letter, forms.of(request))
    message = reply.post(at.unit, at.ticket, letter, by=at.by, files=parts.files, standing=standing)
    if standing.same:  # this submission is a repetition
        if message.reply != letter.text and not message.content:
            raise Overtaken(OLD_FORM)
        return message
    talks = message.channel in CONVERSATIONAL  # there both write at once
    if not talks and standing.newest > _seen(forms.of(request), standing.newest):
        raise Overtaken(ADDED_MEANWHILE)
    macro = parts.catalog.find(letter.macro[0]) if letter.macro else None
    if macro:
        automation.keep_version(at.unit, at.ticket.brand_id, macro)
    return message


def _seen(form: forms.Form, newest: int) -> int:
    """The newest message that the page showed; pages that do not say so have seen everything."""
    said = form.value("seen")[:12]
    return int(said) if said.isascii() and said.isdecimal() else newest


def _closes(letter: Letter) -> bool:
    """A scheduled answer closes the ticket when it leaves."""
    status = any(one.kind == "status" and one.value == "closed" for one in letter.actions)
    return letter.at is None and (letter.close or status)


def _notice(at: Acting, letter: Letter, delivery: Delivery) -> str:
    if delivery.scheduled:
        return _("Leaves %(when)s.", when=i18n.moment(delivery.next_at, at.unit.now))
    if letter.forwards:
        return _("Forwarded and closed.") if _closes(letter) else _("Forwarded.")
    if letter.snooze:
        return _("Sent and snoozed.")
    return _("Sent and closed.") if _closes(letter) else _("Sent.")


def _undo(request: Request, at: Acting, letter: Letter, delivery: Delivery) -> Undo | None:
    """While it can be taken back; nothing to undo for who wants no hold."""
    left = (delivery.next_at - at.unit.now).total_seconds()
    seconds = TIME_TO_CANCEL if delivery.scheduled else int(left)
    if delivery.state != "queued" or delivery.raw is not None or seconds < 1:
        return None
    path = f"deliveries/{delivery.key}/take-back"
    return f"/tickets/{at.ticket.key}/{path}{answer.list_query(request)}", seconds


def _with_word(request: Request, response: Response, mode: str) -> Response:
    """Tell the composer that its draft is gone out, wherever the agent goes next."""
    if render.wants_part(request):
        said = json.loads(response.headers.get("HX-Trigger", "{}"))
        said["composer-sent"] = {"key": request.path_params["key"], "mode": mode}
        response.headers["HX-Trigger"] = json.dumps(said)
    return response


def _draft_again(request: Request) -> drafts.Filled:
    """The macro's actions as they stood in the form; the text is the agent's own by now."""
    form = forms.of(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        try:
            chips = drafts.chips_of(unit, ticket, tuple(letters.actions_of(form)))
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

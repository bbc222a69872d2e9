"""`/tickets/{key}/close`, `/reopen`, `/spam`, `/snooze`, `/wake`, and `/undo/{event}` for each of them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.tickets import change
from helpdesk.tickets import close as closing
from helpdesk.tickets import snooze as sleeping
from helpdesk.triage import rank
from helpdesk.web import forms, render
from helpdesk.web.agent import answer, going
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting

DONE = ("closed", "marked_spam", "snoozed")  # after these the agent may be on another ticket already
ABOUT_AN_ORDER = ("order_linked", "order_unlinked")


def close(request: Request) -> Response:
    """What has to be filled in first comes back as the fields, opened at the first that is missing."""
    try:
        with acting(request) as at:
            following = going.find_next(at.unit, request, at.ticket)
            closing.close(at.unit, at.ticket, by=at.by)
            undo = answer.undo_of(request, at)
    except Invalid as error:
        return missing(request, error)
    return going.on(request, following, notice=_("Closed."), undo=undo)


def missing(request: Request, error: Invalid) -> Response:
    """The head again with its fields open."""
    said = i18n.told(error)
    said = said[:1].upper() + said[1:]
    if not render.wants_part(request):
        return page.conversation_page(request, status=422, fields_problem=said)
    response = page.head_again(request, fields_problem=said)
    response.headers.update({"HX-Retarget": "#head", "HX-Reswap": "outerHTML"})
    return response


def reopen(request: Request) -> Response:
    with acting(request) as at:
        closing.reopen(at.unit, at.ticket, by=at.by)
        undo = answer.undo_of(request, at)
    return page.changed(request, notice=_("Reopened."), undo=undo)


def spam(request: Request) -> Response:
    with acting(request) as at:
        following = going.find_next(at.unit, request, at.ticket)
        closing.mark_spam(at.unit, at.ticket, by=at.by)
        undo = answer.undo_of(request, at)
    return going.on(request, following, notice=_("Marked as spam."), undo=undo)


def snooze(request: Request) -> Response:
    """`until` is a choice of the menu, or a time where the agent is."""
    choice = forms.of(request).text("until", most=20)
    with acting(request) as at:
        following = going.find_next(at.unit, request, at.ticket)
        moment = sleeping.decide_moment(choice, now=at.unit.now, zone=at.by.timezone)
        sleeping.until(at.unit, at.ticket, moment, by=at.by)
        undo = answer.undo_of(request, at)
    if moment == sleeping.UNTIL_REPLY:
        notice = _("Snoozed until the customer writes.")
    else:
        notice = _("Snoozed until %(when)s.", when=f"{i18n.day(moment)} {i18n.clock(moment)}")
    return going.on(request, following, notice=notice, undo=undo)


def wake(request: Request) -> Response:
    with acting(request) as at:
        sleeping.wake(at.unit, at.ticket, by=at.by)
        undo = answer.undo_of(request, at)
    return page.changed(request, notice=_("Awake again."), undo=undo)


def undo(request: Request) -> Response:
    """The ticket as it was before that event, unless it went on since."""
    event = request.path_params["event"]
    if not event.isascii() or not event.isdecimal() or len(event) > 12:
        raise NotFound("there is nothing to undo here any more")
    with acting(request) as at:
        name = change.undo(at.unit, at.ticket, int(event), by=at.by)
        if name in ABOUT_AN_ORDER:
            rank.rerank(at.unit, at.ticket)
        key = at.ticket.key
    if name in DONE:
        return answer.go(request, key, notice=_("Undone."))
    return page.changed(
        request, notice=_("Undone."), tell=("panel-changed",) if name in ABOUT_AN_ORDER else ()
    )

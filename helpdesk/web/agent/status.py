"""`/tickets/{key}/close`, `/reopen`, `/spam`, `/snooze` and `/wake`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.tickets import close as closing
from helpdesk.tickets import snooze as sleeping
from helpdesk.web import forms
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def close(request: Request) -> Response:
    with acting(request) as at:
        closing.close(at.unit, at.ticket, by=at.by)
    return page.changed(request, notice=_("Closed."))


def reopen(request: Request) -> Response:
    with acting(request) as at:
        closing.reopen(at.unit, at.ticket, by=at.by)
    return page.changed(request, notice=_("Reopened."))


def spam(request: Request) -> Response:
    with acting(request) as at:
        closing.mark_spam(at.unit, at.ticket, by=at.by)
    return page.changed(request, notice=_("Marked as spam."))


def snooze(request: Request) -> Response:
    choice = forms.of(request).text("until", most=20)
    with acting(request) as at:
        moment = sleeping.decide_moment(choice, now=at.unit.now, zone=at.by.timezone)
        sleeping.until(at.unit, at.ticket, moment, by=at.by)
    return page.changed(request, notice=_("Snoozed."))


def wake(request: Request) -> Response:
    with acting(request) as at:
        sleeping.wake(at.unit, at.ticket, by=at.by)
    return page.changed(request, notice=_("Awake again."))

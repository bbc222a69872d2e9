"""/settings/channels/{key}/events: what the provider told last; what could not be read is tried again from here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.delivery import failures
from helpdesk.delivery import retry as sending
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy, ngettext
from helpdesk.intake import rehome
from helpdesk.social import arrivals
from helpdesk.web import forms, render, state
from helpdesk.web.agent.attachment import disposition
from helpdesk.web.agent.settings.channels import frame

STATES = {
    "queued": (lazy("waits"), "blue"),
    "done": (lazy("done"), "green"),
    "duplicate": (lazy("twice"), ""),
    "ignored": (lazy("nothing to do"), ""),
    "quarantined": (lazy("failed"), "red"),
}


def index(request: Request) -> Response:
    stuck = request.query_params.get("state") == arrivals.STUCK
    with state.parts(request).database.read() as unit:
        opened = frame.find(request, unit)
        found = arrivals.list_arrivals(unit, opened.account, stuck=stuck)
        unsent = failures.list_failures(unit, opened.account)
    return frame.page(
        request,
        "events",
        opened,
        events=found,
        unsent=unsent,
        stuck_only=stuck,
        states=STATES,
        most=arrivals.SHOWN,
    )


def raw(request: Request) -> Response:
    """As it came, to be read by whoever mends it."""
    access = state.access(request)
    access.require("quarantine")
    with state.parts(request).database.read() as unit:
        account = frame.find(request, unit).account
        event = arrivals.get_event(unit, access, account, request.path_params["event"])
    headers = {
        "Content-Disposition": disposition(f"{event.key}.json"),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(event.raw or b"", media_type="application/octet-stream", headers=headers)


def retry(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        event = arrivals.get_stuck(unit, state.access(request), account, request.path_params["event"])
        rehome.retry(unit, event, state.parts(request).seal)
        frame.note(request, unit, account, "quarantine_retried", messages=1)
    return _back(request, _("It is tried again now."))


def retry_all(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        events = arrivals.list_stuck(unit, account)
        tried = rehome.retry_all(unit, events, state.parts(request).seal)
        if tried:
            frame.note(request, unit, account, "quarantine_retried", messages=tried)
    return _back(request, told_of(tried, len(events)))


def told_of(tried: int, asked: int) -> str:
    told = ngettext("%(n)s message is tried again now.", "%(n)s messages are tried again now.", tried)
    if tried == asked:
        return told
    left = ngettext(
        "%(num)s is for an account that is not connected.",
        "%(num)s are for accounts that are not connected.",
        asked - tried,
    )
    return f"{told} {left}" if tried else left


def send_again(request: Request) -> Response:
    """An answer that failed; who may look after channels need not be one who answers.

    One that may have arrived needs their word that they looked.
    """
    looked = forms.of(request).flag("looked")
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        delivery = failures.get_failure(unit, account, request.path_params["delivery"])
        sending.retry(unit, delivery, by=state.agent(request), looked=looked)
    return _back(request, _("It will be sent again in a moment."))


def _back(request: Request, notice: str) -> Response:
    path = f"{frame.HERE}/{request.path_params['key']}/events"
    return render.redirect(request, path, notice=notice, kind="info")

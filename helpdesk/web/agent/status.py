"""`/tickets/{key}/close`, `/reopen` and `/spam`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.tickets import close as closing
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

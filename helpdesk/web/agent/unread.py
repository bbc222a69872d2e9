"""`/tickets/{key}/unread`: bold again in this agent's own list, to come back to it later."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.tickets import seen
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    with acting(request) as at:
        seen.mark_unread(at.unit, at.ticket, by=at.by)
    return page.changed(request, notice=_("Marked as unread."))

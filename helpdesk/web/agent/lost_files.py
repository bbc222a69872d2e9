"""`/tickets/{key}/messages/{message}/files`: what the provider did not give is asked for again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import NotFound
from helpdesk.i18n import lazy, ngettext
from helpdesk.inbox import reach
from helpdesk.social.media import fetch_again
from helpdesk.web import state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    with acting(request) as at:
        message = reach.get_message(at.unit, state.access(request), request.path_params["message"])
        if message.ticket_id != at.ticket.pk:
            raise NotFound(lazy("this message belongs to another ticket; reload the page"))
        count = fetch_again(at.unit, message, by=at.by)
    return page.changed(
        request, notice=ngettext("%(num)s file is fetched again.", "%(num)s files are fetched again.", count)
    )

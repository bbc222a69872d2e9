"""`/tickets/{key}/link`: the customer is asked to link the account they write from with theirs at the shop."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.social import linking
from helpdesk.web import state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    parts = state.parts(request)
    with acting(request) as at:
        linking.ask(
            at.unit,
            at.ticket,
            by=at.by,
            files=parts.files,
            seal=parts.seal,
            public_url=parts.settings.base_url,
        )
    return page.changed(
        request, notice=_("The customer gets the link. Their ticket tells when they have used it.")
    )

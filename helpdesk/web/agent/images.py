"""`/tickets/{key}/messages/{message}/images`: whether remote images of this sender are shown to me from now on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.people import trusted
from helpdesk.web import forms, state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def create(request: Request) -> Response:
    """`images=0` takes it back."""
    wanted = forms.of(request).value("images") != "0"
    with acting(request) as at:
        message = reach.get_message(at.unit, state.access(request), request.path_params["message"])
        address = str(message.sender.get("address", ""))
        trusted.set_images(at.by, address, wanted)
    state.agent(request).preferences = at.by.preferences
    if wanted:
        return page.changed(
            request, notice=_("Images of %(address)s are shown from now on.", address=address)
        )
    return page.changed(request, notice=_("Images of %(address)s wait again.", address=address))

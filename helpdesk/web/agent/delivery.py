"""`/tickets/{key}/deliveries/{delivery}/retry`: a reply that could not leave tries once more."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.delivery import retry as sending
from helpdesk.errors import NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.models import Message
from helpdesk.web import state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def retry(request: Request) -> Response:
    with acting(request) as at:
        delivery = reach.get_delivery(at.unit, state.access(request), request.path_params["delivery"])
        if at.unit.session.get_one(Message, delivery.message_id).ticket_id != at.ticket.id:
            raise NotFound("this message belongs to another ticket; reload the page")
        sending.retry(at.unit, delivery, by=at.by)
    return page.changed(request, notice=_("It will be sent again in a moment."))

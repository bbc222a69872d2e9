"""`/tickets/{key}/deliveries/{delivery}/retry`: a reply that could not leave tries once more."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Conflict, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.models import Delivery, Message
from helpdesk.tickets import log
from helpdesk.web import state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting


def retry(request: Request) -> Response:
    with acting(request) as at:
        delivery = reach.get_delivery(at.unit, state.access(request), request.path_params["delivery"])
        _queue_again(at, delivery)
    return page.changed(request, notice=_("It will be sent again in a moment."))


def _queue_again(at: Acting, delivery: Delivery) -> None:
    """The same bytes under the same Message-ID, from the beginning of the back-off."""
    message = at.unit.session.get_one(Message, delivery.message_id)
    if message.ticket_id != at.ticket.id:
        raise NotFound("this message belongs to another ticket; reload the page")
    if delivery.state not in ("failed", "kept"):
        raise Conflict("this message is already on its way; reload the page")
    delivery.state, delivery.attempts, delivery.reason = "queued", 0, None
    delivery.next_at, delivery.lease_until = at.unit.now, None
    message.state, message.failure = "queued", None
    log.write(at.unit, at.ticket, "retried", by=at.by)

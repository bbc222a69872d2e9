"""`/tickets/{key}/deliveries/{delivery}/…`: retry, take back, send now, another time."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.delivery import retry as sending
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.models import Delivery, Message, new_key
from helpdesk.tickets import schedule
from helpdesk.tickets import take_back as taking
from helpdesk.web import forms, render, state
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting


def retry(request: Request) -> Response:
    with acting(request) as at:
        looked = forms.of(request).flag("looked")
        sending.retry(at.unit, _delivery(request, at), by=at.by, looked=looked)
    return page.changed(request, notice=_("It will be sent again in a moment."))


def arrived(request: Request) -> Response:
    """Somebody looked where nobody was sure."""
    with acting(request) as at:
        sending.confirm(at.unit, _delivery(request, at), by=at.by)
    return page.changed(request, notice=_("It counts as sent."))


def take_back(request: Request) -> Response:
    """The ticket as it was, and the text in its writer's composer again."""
    with acting(request) as at:
        delivery = _delivery(request, at)
        writer = at.unit.session.get_one(Message, delivery.message_id).agent_id
        taking.take_back(at.unit, at.ticket, delivery, by=at.by)
    response = page.changed(request, notice=_("Taken back. It is a draft again."))
    if render.wants_part(request) and writer == at.by.pk:
        said = json.loads(response.headers["HX-Trigger"])
        said["composer-restore"] = {"key": at.ticket.key, "mode": "reply", "token": new_key(16)}
        said[f"ticket-{at.ticket.key}"] = True
        response.headers["HX-Trigger"] = json.dumps(said)
    return response


def send_now(request: Request) -> Response:
    with acting(request) as at:
        schedule.send_now(at.unit, at.ticket, _delivery(request, at), by=at.by)
    return page.changed(request, notice=_("It leaves now."))


def move(request: Request) -> Response:
    """Another time for a scheduled answer; `at` is local."""
    with acting(request) as at:
        given = forms.of(request).value("at")
        moment = schedule.read_moment(given, zone=at.by.timezone, now=at.unit.now)
        if moment is None:
            raise Invalid("write the time as 2026-01-31T09:30", field="at")
        schedule.move(at.unit, at.ticket, _delivery(request, at), moment, by=at.by)
        notice = _("Leaves %(when)s.", when=i18n.moment(moment, at.unit.now))
    return page.changed(request, notice=notice)


def _delivery(request: Request, at: Acting) -> Delivery:
    delivery = reach.get_delivery(at.unit, state.access(request), request.path_params["delivery"])
    if at.unit.session.get_one(Message, delivery.message_id).ticket_id != at.ticket.id:
        raise NotFound("this message belongs to another ticket; reload the page")
    return delivery

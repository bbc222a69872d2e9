"""`/tickets/{key}/call` and `/customers/{key}/call`: a telephone call is written down, in a dialog or on a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.customers.merge import hold
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.models import Customer, Status, Ticket, new_key
from helpdesk.store.db import Unit
from helpdesk.tickets import call as calls
from helpdesk.tickets.lock import lock
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting

NOTE_MOST = 10_000
CHOICES = 20  # tickets of a customer to choose from


class Unreadable(Exception):
    """The form says itself what is wrong with it."""


def show(request: Request, *, status: int = 200) -> Response:
    """Where a caller waits, the next call is ours."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        customer = unit.session.get_one(Customer, ticket.customer_id)
    path, due = f"/tickets/{ticket.key}", ticket.channel == calls.PHONE and ticket.waiting_since is not None
    return _page(request, status, customer=customer, ticket=ticket, back=path, back_is_due=due)


def create(request: Request) -> Response:
    form = forms.of(request)
    try:
        with acting(request) as at:
            call = _read(request, at.unit.now)
            token, done = form.value("token")[:40], form.flag("done")
            calls.add(at.unit, at.ticket, call, by=at.by, token=token, done=done)
    except (Invalid, Unreadable) as error:
        if isinstance(error, Invalid):
            form.reject(error)
        return _again(show(request, status=422))
    return page.changed(request, notice=_("Call noted."))


def show_for_customer(request: Request, *, status: int = 200) -> Response:
    with state.parts(request).database.read() as unit:
        customer = reach.get_customer(unit, state.access(request), request.path_params["key"])
        tickets = _list_open(unit, customer)
    back = f"/customers/{customer.key}"
    choices = [(one.key, f"#{one.number} {one.subject}") for one in tickets]
    return _page(request, status, customer=customer, ticket=None, back=back, choices=choices)


def create_for_customer(request: Request) -> Response:
    """On a ticket of theirs, or on a new one when none is chosen."""
    form, access = forms.of(request), state.access(request)
    subject, token = form.text("subject"), form.value("token")[:40]
    try:
        with state.parts(request).database.write() as unit:
            customer = reach.get_customer(unit, access, request.path_params["key"])
            hold(unit, customer)  # the same form twice at once is one call: the second sees the first
            by = unit.session.merge(state.agent(request), load=False)
            call = _read(request, unit.now)
            first = calls.find_logged(unit, customer, token)
            if first:
                ticket = unit.session.get_one(Ticket, first.ticket_id)
            else:
                chosen = _chosen(unit, customer, form.value("ticket"))
                ticket = chosen or calls.begin(unit, customer, call, by=by, subject=subject)
                calls.add(unit, ticket, call, by=by, token=token, done=form.flag("done"))
            number, key = ticket.number, ticket.key
    except (Invalid, Unreadable) as error:
        if isinstance(error, Invalid):
            form.reject(error)
        return _again(show_for_customer(request, status=422))
    return answer.leave(request, f"/tickets/{key}", notice=_("Call noted in #%(number)s.", number=number))


def _chosen(unit: Unit, customer: Customer, key: str) -> Ticket | None:
    """Raises NotFound for a ticket of somebody else."""
    if not key:
        return None
    found = next((one for one in _list_open(unit, customer) if one.key == key), None)
    if found is None:
        raise NotFound("this ticket is not open any more; reload the page")
    lock(unit, found)
    return found


def _list_open(unit: Unit, customer: Customer) -> list[Ticket]:
    wanted = select(Ticket).where(
        Ticket.customer_id == customer.pk, col(Ticket.status).in_((Status.OPEN, Status.PENDING))
    )
    return list(unit.session.exec(wanted.order_by(col(Ticket.last_message_at).desc()).limit(CHOICES)))


def _read(request: Request, now: datetime) -> calls.Call:
    """Raises Unreadable, or Invalid with the field that is wrong."""
    form = forms.of(request)
    minutes = form.integer("minutes", most=calls.LONGEST_MINUTES)
    note = form.text("note", most=NOTE_MOST, lines=True)
    if not form:
        raise Unreadable
    return calls.Call(
        inbound=form.value("way") != "out",
        outcome=form.value("outcome"),
        minutes=minutes,
        note=note,
        at=_moment(form.value("at"), state.agent(request).timezone, now),
    )


def _moment(given: str, zone: str, now: datetime) -> datetime:
    """The reader's clock; just now where nothing was chosen."""
    if not given.strip():
        return now
    try:
        moment = datetime.fromisoformat(given.strip())
        local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
        return min(local.astimezone(now.tzinfo), now) if local <= now + calls.LATEST else local
    except (ValueError, OverflowError) as error:
        raise Invalid("choose a day and a time", field="at") from error


def _page(request: Request, status: int, **context: Any) -> Response:
    query = answer.list_query(request) if context["ticket"] else ""
    return render.page(
        request,
        "agent/ticket/call.html",
        block="dialog",
        status=status,
        form=forms.of(request),
        outcomes=[(name, i18n.gettext(words)) for name, words in calls.OUTCOMES.items()],
        token=forms.of(request).value("token")[:40] or new_key(),
        query=query,
        **{"choices": [], "back_is_due": False, **context},
    )


def _again(response: Response) -> Response:
    """The dialog with what is wrong, and everything that was written."""
    response.headers.update({"HX-Retarget": "#call", "HX-Reswap": "outerHTML"})
    return response

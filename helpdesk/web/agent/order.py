"""`/tickets/{key}/order`: which order the ticket is about, from the customer's own or by its number."""

from __future__ import annotations

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.commerce import orders, words
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.models import Order, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import order
from helpdesk.triage import rank
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting

MOST = 8


def show(request: Request) -> Response:
    """The customer's orders to choose from."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        cards = orders.list_orders(unit, ticket.customer_id, limit=MOST)
    return render.fragment(
        request,
        "agent/ticket/_order_choices.html",
        ticket=ticket,
        cards=cards,
        said=words.state,
        query=answer.list_query(request),
    )


def update(request: Request) -> Response:
    """`order` is one of the customer's by its number, or any number of the brand; empty for none."""
    number = forms.of(request).text("order", most=60)
    with acting(request) as at:
        found = _find(at.unit, at.ticket, number) if number else None
        order.link(at.unit, at.ticket, found, by=at.by)
        undo = answer.undo_of(request, at)
        rank.rerank(at.unit, at.ticket)
    notice = _("Linked to order %(number)s.", number=found.number) if found else _("Linked to no order.")
    return page.changed(request, notice=notice, undo=undo, tell=("panel-changed",))


def _find(unit: Unit, ticket: Ticket, number: str) -> Order:
    """As it is written in the shop, or as people type it."""
    exact = select(Order).where(Order.brand_id == ticket.brand_id, Order.number == number)
    return unit.session.exec(exact).first() or order.get_by_number(unit, ticket.brand_id, number)

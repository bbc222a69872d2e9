"""`/tickets/{key}/standing`: a ticket's place in the queue, and why it stands above or below another (`?with=`)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.access import Access
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach, reasons, standing
from helpdesk.inbox.standing import Place
from helpdesk.inbox.tagging import read_book
from helpdesk.models import Ticket
from helpdesk.store.db import Unit
from helpdesk.triage import compare
from helpdesk.web import render, state
from helpdesk.web.agent import answer


def show(request: Request) -> Response:
    """Without `with` it is compared with the one right above it, or right below the first."""
    access, named = state.access(request), request.query_params.get("with", "").strip()[:40]
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, access, request.path_params["key"])
        place = standing.find_place(unit, access, ticket)
        other = _other(unit, access, ticket, place, named)
        labels = read_book(unit, access).labels()
    compared = compare.compare(compare.standing(ticket), compare.standing(other)) if other else None
    pair = [ticket, other] if other and compared and compared.above.id == ticket.pk else [other, ticket]
    missing = _("There is no such ticket besides this one.") if named and other is None else ""
    return render.page(
        request,
        "agent/ticket/standing.html",
        status=404 if missing else 200,
        ticket=ticket,
        place=place,
        other=other,
        pair=pair,
        compared=compared,
        named=named,
        missing=missing,
        say=lambda code: reasons.word(code, labels),
        signed=reasons.signed,
        query=answer.list_query(request),
    )


def _other(unit: Unit, access: Access, ticket: Ticket, place: Place, named: str) -> Ticket | None:
    if named:
        found = standing.find_ticket(unit, access, ticket.brand_id, named)
        return found if found and found.pk != ticket.pk else None
    others = [one for one in place.around if one.key != ticket.key]
    above = [one for one in others if place.place and one.place == place.place - 1]
    nearest = next(iter(above or others), None)
    return reach.get_ticket(unit, access, nearest.key) if nearest else None

"""`/customers` and `/customers/{key}`: everybody who ever wrote, and one person's whole story."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.commerce import words
from helpdesk.customers import timeline
from helpdesk.inbox import customers, panel, reach
from helpdesk.inbox.filter import Filter
from helpdesk.models import Customer
from helpdesk.web import forms, render, state
from helpdesk.web.agent.inbox import CHANNELS
from helpdesk.web.agent.ticket import panel_context

NOTE_MOST = 4000


def index(request: Request) -> Response:
    q, after = (request.query_params.get(name, "").strip()[:100] for name in ("q", "after"))
    with state.parts(request).database.read() as unit:
        page = customers.rows(unit, state.access(request), q=q, after=after)
    context: dict[str, Any] = {"page": page, "q": q}
    if after and render.wants_part(request):
        return render.fragment(request, "agent/customer/_rows.html", **context)
    return render.page(request, "agent/customer/index.html", block="found", **context)


def show(request: Request) -> Response:
    """`?only=` a kind of the timeline, as the panel's figures link to it."""
    before = request.query_params.get("before") or None
    only = request.query_params.get("only", "")
    only = only if only in timeline.KINDS else ""
    with state.parts(request).database.read() as unit:
        access = state.access(request)
        customer = reach.get_customer(unit, access, request.path_params["key"])
        page = timeline.page(unit, customer.pk, before=before, only=only)
        if before and render.wants_part(request):
            return render.fragment(
                request, "agent/customer/_entries.html", customer=customer, **_story(page, only)
            )
        found = panel.for_customer(unit, access, customer.key)
    context = panel_context(found, Filter()) | _story(page, only)
    return render.page(request, "agent/customer/show.html", **context)


def update(request: Request) -> Response:
    """The colleagues' note about the customer."""
    note = forms.of(request).text("note", most=NOTE_MOST, lines=True)
    with state.parts(request).database.write() as unit:
        customer: Customer = reach.get_customer(unit, state.access(request), request.path_params["key"])
        customer.note = note[:NOTE_MOST]
    if render.wants_part(request):
        return Response(status_code=204)
    return render.redirect(request, f"/customers/{request.path_params['key']}")


def _story(page: timeline.Page, only: str) -> dict[str, Any]:
    return {
        "page": page,
        "only": only,
        "channels": CHANNELS,
        "carrier": words.carrier,
        "reason": words.reason,
    }

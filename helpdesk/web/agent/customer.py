"""`/customers` and `/customers/{key}`: everybody who ever wrote, and one person's whole story."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.i18n import person
from helpdesk.inbox import customers, joins, panel, reach
from helpdesk.inbox.filter import Filter
from helpdesk.models import Customer
from helpdesk.web import forms, render, state
from helpdesk.web.agent import known, story
from helpdesk.web.agent.ticket import panel_context

NOTE_MOST = 20_000


def index(request: Request) -> Response:
    q, after = (request.query_params.get(name, "").strip()[:100] for name in ("q", "after"))
    with state.parts(request).database.read() as unit:
        page = customers.rows(unit, state.access(request), q=q, after=after)
        asked = (
            0 if after or render.wants_part(request) else joins.count_suggested(unit, state.access(request))
        )
    context: dict[str, Any] = {"page": page, "q": q, "asked": asked}
    if after and render.wants_part(request):
        return render.fragment(request, "agent/customer/_rows.html", **context)
    return render.page(request, "agent/customer/index.html", block="found", **context)


def show(request: Request) -> Response:
    """`?only=` kinds of the timeline, as the panel's figures link to them; `?channel=` what came by these."""
    with state.parts(request).database.read() as unit:
        access = state.access(request)
        customer = reach.get_customer(unit, access, request.path_params["key"])
        if customer.key != request.path_params["key"]:
            return _follow(request, customer)
        told = story.read(unit, customer, request)
        if request.query_params.get("before") and render.wants_part(request):
            return render.fragment(request, "agent/customer/_entries.html", customer=customer, **told)
        found = panel.for_customer(unit, access, customer.key)
        by = known.context(unit, customer)
    context = panel_context(found, Filter()) | by | told | story.chips(request, customer, found.identities)
    if render.wants_part(request) and request.headers.get("hx-target") == "story":
        return render.fragment(request, "agent/customer/_story.html", **context)
    return render.page(request, "agent/customer/show.html", **context)


def update(request: Request) -> Response:
    """The colleagues' note about the customer."""
    form = forms.of(request)
    note = form.text("note", most=NOTE_MOST, lines=True)
    if not form:
        raise Invalid(form.errors["note"], field="note")
    with state.parts(request).database.write() as unit:
        customer: Customer = reach.get_customer(unit, state.access(request), request.path_params["key"])
        customer.note = note
    if render.wants_part(request):
        return Response(status_code=204)
    return render.redirect(request, f"/customers/{request.path_params['key']}")


def _follow(request: Request, customer: Customer) -> Response:
    """The old address of somebody who was merged leads to who they are now."""
    query = f"?{request.url.query}" if request.url.query else ""
    name = person(customer.name) if customer.name else _("Unknown")
    notice = _("This customer was merged into %(name)s.", name=name)
    return render.redirect(request, f"/customers/{customer.key}{query}", notice=notice, kind="info")

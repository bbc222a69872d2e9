"""`/customers/{key}/merge`: with whom, then field by field in either direction; `/merges` does it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.customers import compare, suggest
from helpdesk.customers.merge import merge, require_apart
from helpdesk.customers.particulars import FIELDS
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy, person
from helpdesk.inbox import customers, joins, reach
from helpdesk.models import Agent, Brand, Customer, CustomerMerge
from helpdesk.store.db import Unit
from helpdesk.web import forms, state, trail
from helpdesk.web.agent import coming_back, known

FOUND = 8
LABELS = {
    "name": lazy("Name"),
    "language": lazy("Language"),
    "tier": lazy("Tier"),
    "vip": lazy("VIP"),
    "region": lazy("Region"),
    "note": lazy("Note"),
}
COUNTED = {
    "tickets": lazy("Tickets"),
    "messages": lazy("Messages"),
    "orders": lazy("Orders"),
    "points_entries": lazy("Lines of points"),
}


def show(request: Request) -> Response:
    """Without `with` whom to choose, with it the two side by side. `stays` says who of them does: `this` or `other`."""
    other = request.query_params.get("with", "")[:40]
    return _preview(request, other) if other else _choose(request)


def create(request: Request) -> Response:
    form = forms.of(request)
    with state.parts(request).database.write() as unit:
        this = reach.get_customer(unit, state.access(request), request.path_params["key"])
        other = reach.get_customer(unit, state.access(request), form.value("other")[:40])
        source, target = (other, this) if form.value("stays") == "this" else (this, other)
        done = _merge(request, unit, source, target)
        suggest.keep(unit, target, suggest.find(unit, target))
        trail.note(
            request,
            unit,
            "customers_merged",
            brand_id=target.brand_id,
            merged=named(source),
            into=named(target),
        )
    notice = _("%(source)s is now part of %(target)s.", source=named(source), target=named(target))
    return coming_back.go(
        request,
        coming_back.place(request, target),
        notice=notice,
        undo=f"/customers/merges/{done.key}/undo{coming_back.query(request)}",
    )


def _merge(request: Request, unit: Unit, source: Customer, target: Customer) -> CustomerMerge:
    require_apart(source, target)
    by = unit.session.get_one(Agent, state.access(request).agent_id)
    form = forms.of(request)
    picked = {name: form.value(f"pick-{name}") for name in FIELDS}
    fields = compare.chosen(compare.compare(unit, source, target), picked)
    asked = suggest.find_open(unit, source, target)
    if asked is not None:
        return suggest.accept(unit, asked, target_id=target.pk, by=by, fields=fields)
    return merge(unit, source, target, by=by, fields=fields)


def _choose(request: Request) -> Response:
    words = request.query_params.get("q", "").strip()[:100]
    access, database = state.access(request), state.parts(request).database
    with database.read() as unit:
        customer = reach.get_customer(unit, access, request.path_params["key"])
        likely = suggest.find(unit, customer)
        news = suggest.is_news(unit, customer, likely)
    if news:
        with database.write() as unit:
            suggest.keep(unit, unit.session.get_one(Customer, customer.pk), likely)
    with database.read() as unit:
        found = customers.rows(
            unit, replace(access, brand_ids=(customer.brand_id,)), q=words, limit=FOUND + 1
        ).rows
        suggested = joins.list_suggested(unit, customer, most=FOUND)
    return _page(
        request,
        block="found" if request.query_params.get("part") == "found" else "dialog",
        customer=customer,
        suggested=suggested,
        found=[one for one in found if one.key != customer.key][:FOUND] if words else [],
        words=words,
        comparison=None,
    )


def _preview(request: Request, key: str) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        this = reach.get_customer(unit, access, request.path_params["key"])
        other = reach.get_customer(unit, access, key)
        require_apart(this, other)
        stays = request.query_params.get("stays", "")
        stays = stays if stays in ("this", "other") else _who_stays(this, other)
        source, target = (other, this) if stays == "this" else (this, other)
        brand = unit.session.get_one(Brand, this.brand_id)
        asked = suggest.find_open(unit, this, other)
        return _page(
            request,
            customer=this,
            other=other,
            stays=stays,
            comparison=compare.compare(unit, source, target),
            reasons=joins.evidence(asked.evidence) if asked else (),
            asked=asked,
            brand=brand,
        )


def _page(request: Request, *, block: str = "dialog", **context: Any) -> Response:
    back = coming_back.asked(request)
    return known.page(
        request,
        "agent/customer/merge.html",
        block=block,
        labels=LABELS,
        counted=COUNTED,
        back=back,
        **context,
    )


def _who_stays(this: Customer, other: Customer) -> str:
    """Whoever has bought more, or is known for longer."""

    def weight(one: Customer) -> tuple[int, float]:
        return one.orders_count, -one.created_at.timestamp()

    return "other" if weight(other) > weight(this) else "this"


def named(customer: Customer) -> str:
    return person(customer.name) if customer.name else _("Unknown")

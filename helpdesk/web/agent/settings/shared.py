"""`/settings/shared`: addresses that several people write from, which suggest and prove nothing of who somebody is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.customers import shared
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.models import Agent
from helpdesk.web import forms, render, state, trail
from helpdesk.web.agent.settings import brand_choice


def index(request: Request, *, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        listed = shared.list_shared(unit, access.brand_ids)
        brands = brand_choice.list_brands(unit, access.brand_ids)
    return render.page(
        request,
        "agent/settings/shared.html",
        status=status,
        listed=listed,
        brands={brand.pk: brand for brand in brands},
        brand_choices=[(brand.key, brand.name) for brand in brands],
        form=forms.of(request),
    )


def create(request: Request) -> Response:
    form, access = forms.of(request), state.access(request)
    address = form.text("address", most=320, required=True)
    if form:
        try:
            with state.parts(request).database.write() as unit:
                brand = brand_choice.get_brand(unit, access.brand_ids, form.value("brand"))
                by = unit.session.get_one(Agent, access.agent_id)
                row = shared.exclude(unit, brand.pk, address, by=by)
                trail.note(request, unit, "sender_shared", brand_id=brand.pk, address=row.value)
            return render.redirect(
                request, "/settings/shared", notice=_("%(address)s joins nobody any more.", address=row.value)
            )
        except Invalid as error:
            form.reject(error)
    return index(request, status=422)


def destroy(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        row = shared.get(unit, state.access(request).brand_ids, request.path_params["key"])
        value = row.value
        trail.note(request, unit, "sender_unshared", brand_id=row.brand_id, address=value)
        shared.include(unit, row)
    return render.redirect(
        request, "/settings/shared", notice=_("%(address)s is one person's again.", address=value)
    )

"""/settings/urgency: what each part of urgency weighs in a brand, and how its queue would stand by other weights."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.inbox import reasons
from helpdesk.inbox.tagging import read_book
from helpdesk.people import brands
from helpdesk.triage import weights, what_if
from helpdesk.triage.weights import Weights
from helpdesk.web import forms, render, state, trail

HERE, USUAL = "/settings/urgency", "usual"
WORDS = {
    "intent": lazy("What the customer wants, and the wording (percent)"),
    "mood": lazy("Anger, threats, haste, a special day (percent)"),
    "waiting": lazy("Waiting, after two days"),
    "due": lazy("The reply target is near; all of it when it is reached"),
    "reply_hours": lazy("Reply target in hours, 0 for none"),
    "late": lazy("Delivery is late"),
    "late_to_ship": lazy("Shipping is late"),
    "late_day": lazy("Each day past the promised one, five at most"),
    "promised": lazy("Promised for today or tomorrow, not there yet"),
    "ship_cutoff": lazy("Wants a change before the parcel leaves"),
    "order_value": lazy("Value of the order, at most"),
    "vip": lazy("VIP"),
}


def show(request: Request, *, trial: dict[str, int] | None = None, status: int = 200) -> Response:
    """With `trial` weights the queue as it would stand; else as it stands."""
    access, form = state.access(request), forms.of(request)
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        brand = brands.choose(shops, form.value("brand") or request.query_params.get("brand"))
        if brand is None:
            raise NotFound(lazy("there is no brand yet"))
        kept = weights.of_brand(brand.urgency_weights)
        tried = Weights(**trial) if trial else kept
        seen = what_if.preview(unit, brand, tried)
        labels = read_book(unit, access).labels(brand.pk)
    return render.page(
        request,
        "agent/settings/urgency.html",
        block="section",
        status=status,
        brands=shops,
        brand=brand,
        path=HERE,  # the tabs lead there, not to the preview
        form=forms.Form() if form.value("do") == USUAL else form,
        words=WORDS,
        most={name: weights.MOST.get(name, weights.MOST_POINTS) for name in weights.NAMES},
        shown=asdict(tried),
        usual=asdict(weights.USUAL),
        trying=tried != kept,
        preview=seen,
        first=what_if.FIRST,
        why=lambda move: " · ".join(
            f"{reasons.word(one.code, labels)} {reasons.signed(one.points)}" for one in move.reasons
        ),
    )


def preview(request: Request) -> Response:
    """Nothing is changed."""
    values = _read(request)
    return show(request, trial=values) if forms.of(request) else show(request, status=422)


def update(request: Request) -> Response:
    values = _read(request)
    if not forms.of(request):
        return show(request, status=422)
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), forms.of(request).value("brand"))
        changed: dict[str, Any] = weights.change(unit, brand, values)
        if changed:
            trail.note(request, unit, "urgency_weighed", brand_id=brand.pk, **changed)
    notice = _("The weights are saved. The queue is ranked anew in a moment.")
    return render.redirect(request, f"{HERE}?brand={brand.key}", notice=notice)


def _read(request: Request) -> dict[str, int]:
    form, usual = forms.of(request), asdict(weights.USUAL)
    if form.value("do") == USUAL:
        return usual
    return {
        name: form.integer(name, most=weights.MOST.get(name, weights.MOST_POINTS), default=usual[name])
        for name in weights.NAMES
    }

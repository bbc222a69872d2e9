"""/settings/brands: names, signatures, what customers are told, and the limits of points."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.models import Brand
from helpdesk.people import brands
from helpdesk.web import forms, render, state, trail
from helpdesk.web.agent.settings.profile import timezones

HERE = "/settings/brands"
CURRENCIES = (
    "JPY",
    "USD",
    "EUR",
    "GBP",
    "AUD",
    "CAD",
    "CHF",
    "CNY",
    "HKD",
    "KRW",
    "NZD",
    "SEK",
    "SGD",
    "TWD",
)


def index(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        found = brands.list_brands(unit, access.brand_ids)
    return render.page(request, "agent/settings/brands.html", brands=found, form=forms.of(request))


def create(request: Request) -> Response:
    form = forms.of(request)
    name = form.text("name", most=120, required=True)
    if not form:
        return index(request)
    parts = state.parts(request)
    with parts.database.write() as unit:
        brand = brands.create_brand(
            unit, name=name, language=i18n.language(), timezone=parts.settings.timezone
        )
        trail.note(request, unit, "brand_added", brand_id=brand.pk, name=name)
    return render.redirect(
        request, f"{HERE}/{brand.key}", notice=_("The brand is made. Tell it what customers should know.")
    )


def show(request: Request, status: int = 200) -> Response:
    with state.parts(request).database.read() as unit:
        brand = brands.get_brand(unit, state.access(request), request.path_params["key"])
    return render.page(
        request,
        "agent/settings/brand.html",
        status=status,
        brand=brand,
        form=forms.of(request),
        timezones=timezones(),
        currencies=CURRENCIES,
        wishes=_wishes(),
    )


def _wishes() -> list[tuple[str, str]]:
    """What may become of one question on several channels."""
    words = {
        "one": _("One ticket, and one answer"),
        "linked": _("Tickets of their own that are linked"),
        "off": _("Tickets of their own"),
    }
    return [(name, words[name]) for name in brands.SAME_QUESTION]


def update(request: Request) -> Response:
    form = forms.of(request)
    values = _read(form)
    if form:
        try:
            _save(request, values)
            return render.redirect(
                request, f"{HERE}/{request.path_params['key']}", notice=_("The brand is saved.")
            )
        except Invalid as error:
            form.reject(error)
    return show(request, 422)


def _save(request: Request, values: dict[str, Any]) -> Brand:
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), request.path_params["key"])
        changed: dict[str, Any] = {
            name: [getattr(brand, name), new] for name, new in values.items() if getattr(brand, name) != new
        }
        brands.change_brand(unit, brand, **values)
        trail.note(request, unit, "brand_changed", brand_id=brand.pk, **changed)
    return brand


def _read(form: forms.Form) -> dict[str, Any]:
    hours = {code: form.text(f"hours_{code}", most=200) for code in i18n.LANGUAGES}
    signatures = {code: form.text(f"signature_{code}", most=2000, lines=True) for code in i18n.LANGUAGES}
    return {
        "name": form.text("name", most=120, required=True),
        "language": form.choice("language", i18n.LANGUAGES),
        "timezone": form.choice("timezone", timezones()),
        "currency": form.choice("currency", CURRENCIES),
        "url": form.text("url", most=300) or None,
        "phone": form.text("phone", most=40) or None,
        "support_hours": {code: words for code, words in hours.items() if words},
        "signatures": {code: words for code, words in signatures.items() if words},
        "return_days": form.integer("return_days", most=3650) if form.value("return_days").strip() else None,
        "free_shipping_from": form.integer("free_shipping_from")
        if form.value("free_shipping_from").strip()
        else None,
        "ship_cutoff_hour": form.integer("ship_cutoff_hour", most=23, default=14),
        "same_question": form.choice("same_question", brands.SAME_QUESTION, "one"),
        "hide_numbers": form.flag("hide_numbers"),
        "reopen_days": form.integer("reopen_days", most=3650, default=14),
        "points_per_grant": form.integer("points_per_grant", most=1_000_000),
        "points_agent_day": form.integer("points_agent_day", most=100_000_000),
        "points_customer_90d": form.integer("points_customer_90d", most=100_000_000),
    }

"""/settings/fields: what a brand wants to know of its tickets besides the words."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.errors import Conflict, Invalid
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Brand, CustomField
from helpdesk.people import brands
from helpdesk.store.db import Unit
from helpdesk.tickets import fields
from helpdesk.web import forms, render, state, trail

HERE = "/settings/fields"
KINDS = {
    "text": lazy("Text"),
    "number": lazy("Number"),
    "date": lazy("Date"),
    "list": lazy("List of choices"),
}


def index(request: Request, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        active = fields.list_fields(unit, chosen.pk) if chosen else []
        archived = fields.list_fields(unit, chosen.pk, archived=True) if chosen else []
    return render.page(
        request,
        "agent/settings/fields.html",
        status=status,
        form=forms.of(request),
        brands=shops,
        brand=chosen,
        fields=active,
        archived=archived,
        label=fields.label,
        kinds=KINDS,
    )


def create(request: Request) -> Response:
    form = forms.of(request)
    name, kind = form.text("name", most=60, required=True), form.choice("kind", KINDS)
    try:
        if form:
            with state.parts(request).database.write() as unit:
                brand = brands.get_brand(unit, state.access(request), form.value("brand"))
                field = fields.create(unit, brand.pk, name=name, kind=kind, **_said(form))
                trail.note(request, unit, "field_added", brand_id=brand.pk, field=field.name, kind=kind)
            return _back(request, brand, _("The field is saved."))
    except Invalid as error:
        form.reject(error)
    except Conflict as error:
        form.errors["name"] = i18n.told(error)
    return index(request, 422)


def show(request: Request, status: int = 200) -> Response:
    with state.parts(request).database.read() as unit:
        brand, field = _find(request, unit)
    return render.page(
        request,
        "agent/settings/field.html",
        status=status,
        form=forms.of(request),
        field=field,
        brand=brand,
        label=fields.label,
        kinds=KINDS,
    )


def update(request: Request) -> Response:
    form = forms.of(request)
    try:
        with state.parts(request).database.write() as unit:
            brand, field = _find(request, unit)
            fields.change(field, **_said(form))
            unit.session.add(field)
            trail.note(
                request, unit, "field_changed", brand_id=brand.pk, field=field.name, required=field.required
            )
    except Invalid as error:
        form.reject(error)
        return show(request, 422)
    return _back(request, brand, _("The field is saved."))


def archive(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        brand, field = _find(request, unit)
        fields.archive(unit, field)
        unit.session.add(field)
        trail.note(request, unit, "field_archived", brand_id=brand.pk, field=field.name)
    return _back(request, brand, _("The field is archived; what tickets say in it stays."))


def restore(request: Request) -> Response:
    try:
        with state.parts(request).database.write() as unit:
            brand, field = _find(request, unit)
            fields.restore(unit, field)
            unit.session.add(field)
            trail.note(request, unit, "field_restored", brand_id=brand.pk, field=field.name)
    except Conflict as error:
        return render.redirect(request, HERE, notice=i18n.told(error), kind="error")
    return _back(request, brand, _("The field is in use again."))


def move(request: Request) -> Response:
    """One place up or down."""
    step = -1 if forms.of(request).choice("to", ("up", "down")) == "up" else 1
    with state.parts(request).database.write() as unit:
        brand, field = _find(request, unit)
        keys = [one.key for one in fields.list_fields(unit, brand.pk)]
        if field.key in keys:
            here = keys.index(field.key)
            keys.insert(max(0, here + step), keys.pop(here))
            fields.reorder(unit, brand.pk, keys)
    return render.redirect(request, f"{HERE}?brand={brand.key}")


def _find(request: Request, unit: Unit) -> tuple[Brand, CustomField]:
    brand = brands.get_brand(unit, state.access(request), request.path_params["brand"])
    return brand, fields.get_field(unit, brand.pk, request.path_params["name"])


def _said(form: forms.Form) -> dict[str, Any]:
    return {
        "labels": {language: form.text(f"label_{language}", most=80) for language in ("ja", "en")},
        "options": form.text("options", most=20_000, lines=True).split("\n"),
        "required": form.flag("required"),
    }


def _back(request: Request, brand: Brand, notice: str) -> Response:
    return render.redirect(request, f"{HERE}?brand={brand.key}", notice=notice)

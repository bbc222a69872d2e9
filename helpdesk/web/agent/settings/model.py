"""/settings/model: what reads a brand's messages, how good it is by language and tag, and what served before."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from classifiers.language import LANGUAGES
from helpdesk.errors import Conflict
from helpdesk.i18n import gettext as _
from helpdesk.models import Brand, ModelVersion, Tag
from helpdesk.people import brands
from helpdesk.store.db import Unit
from helpdesk.tickets import tag, tag_list
from helpdesk.triage import drift, lessons, serving, versions
from helpdesk.web import forms, render, state, trail

HERE = "/settings/model"


def show(request: Request) -> Response:
    access, files = state.access(request), state.parts(request).files
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        facts = _facts(unit, chosen) if chosen else {}
    active = facts.get("active")
    return render.page(
        request,
        "agent/settings/model.html",
        brands=shops,
        brand=chosen,
        fault=serving.find_fault(files, active.artifact) if active else None,
        languages=LANGUAGES,
        **facts,
    )


def train(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), forms.of(request).value("brand"))
        try:
            row = versions.ask(unit, brand.pk, by=state.agent(request))
        except Conflict as error:
            return render.redirect(request, _here(brand), notice=_(error.template), kind="info")
        trail.note(request, unit, "model_asked", brand_id=brand.pk, version=row.version)
    return render.redirect(request, _here(brand), notice=_("A new model is being trained."))


def go_back(request: Request) -> Response:
    """`version` is the key of a retired one, or empty for the built-in model."""
    form = forms.of(request)
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), form.value("brand"))
        key = form.value("version")
        row = versions.get_version(unit, state.access(request), key) if key else None
        if row is not None and row.brand_id != brand.pk:
            raise Conflict("this model is another brand's")
        versions.go_back(unit, brand.pk, row)
        trail.note(
            request, unit, "model_went_back", brand_id=brand.pk, version=row.version if row else "built-in"
        )
    return render.redirect(request, _here(brand), notice=_("This model serves from now on."))


def _facts(unit: Unit, brand: Brand) -> dict[str, Any]:
    listed = versions.list_versions(unit, brand.pk)
    active = next((one for one in listed if one.state == "active"), None)
    measured = next((one for one in listed if one.figures), None)
    shown = active or measured
    weeks = drift.list_weeks(unit, brand.pk)
    return {
        "active": active,
        "under_way": next((one for one in listed if one.state in versions.UNDER_WAY), None),
        "versions": listed[:30],
        "shown": shown,
        "figures": shown.figures.get("figures", {}) if shown else {},
        "tags": _rows(shown) if shown else [],
        "labels": {one.name: tag.label(one) for one in _tags(unit, brand)},
        "waiting": lessons.newest(unit, brand.pk) > max((one.through for one in listed), default=0),
        "weeks": [one for one in weeks if one.tickets],
        "warnings": drift.warnings(weeks),
    }


def _rows(row: ModelVersion) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Tag, and by language what it reaches now and how many right answers it won or lost against the one before."""
    now, moved = row.figures.get("figures", {}), row.figures.get("changes", {})
    names = {name for part in now.values() for name in part.get("per_tag", {})}
    return [
        (
            name,
            {language: part.get("per_tag", {}).get(name) for language, part in now.items()},
            {language: part.get("tags", {}).get(name) for language, part in moved.items()},
        )
        for name in sorted(names)
    ]


def _tags(unit: Unit, brand: Brand) -> list[Tag]:
    return [one for one, _used in tag_list.list_used(unit, brand.pk)]


def _here(brand: Brand) -> str:
    return f"{HERE}?brand={brand.key}"

"""/settings/model: what reads a brand's messages, how good it is by language and tag, and what served before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from helpdesk.triage import drift, measured, mixed_up, serving, tag_hints, versions
from helpdesk.triage.measured import Measured
from helpdesk.web import forms, render, state, trail
from helpdesk.web.agent.settings import model_charts

HERE = "/settings/model"
PAGE = "agent/settings/model.html"
LISTED = 30
FULL = {"HX-Retarget": "#model", "HX-Reswap": "morph:outerHTML"}


def show(request: Request) -> Response:
    """`?order=` of the table by tag: need, name, ja or en."""
    return _page(request)


def now(request: Request) -> Response:
    """What serves and how far a training is; all of the page when another one serves than the reader has `seen`."""
    with state.parts(request).database.read() as unit:
        brand = brands.get_brand(unit, state.access(request), request.query_params.get("brand", ""))
        facts = _standing(request, unit, brand)
    if facts["mark"] != request.query_params.get("seen"):
        return _page(request, headers=FULL)
    return render.fragment(request, "agent/settings/_model_now.html", brand=brand, **facts)


def train(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), forms.of(request).value("brand"))
        try:
            row = versions.ask(unit, brand.pk, by=state.agent(request))
        except Conflict as error:
            return render.redirect(request, _here(brand), notice=_(error.template), kind="info")
        trail.note(request, unit, "model_asked", brand_id=brand.pk, version=row.version)
    return render.redirect(request, _here(brand), notice=_("A new model is being trained."))


def ask_back(request: Request) -> Response:
    """What going back would change, before anybody does; a page, or a dialog over the list."""
    asked = request.query_params
    with state.parts(request).database.read() as unit:
        brand = brands.get_brand(unit, state.access(request), asked.get("brand", ""))
        row = _version(request, unit, brand, asked.get("version", ""))
        active = versions.find_active(unit, brand.pk)
        rows = versions.list_versions(unit, brand.pk)
    today = measured.of_version(active) if active else builtin(request)
    then = measured.of_version(row) if row else builtin(request)
    pair = measured.same_messages(then, today, rows) if then and today else None
    return render.page(
        request,
        "agent/settings/model_back.html",
        block="dialog",
        brand=brand,
        version=row,
        active=active,
        pair=pair,
        fair=pair is not None and pair != (then, today),
    )


def go_back(request: Request) -> Response:
    """`version` is the key of a retired one, or empty for the built-in model."""
    form = forms.of(request)
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), form.value("brand"))
        row = _version(request, unit, brand, form.value("version"))
        versions.go_back(unit, brand.pk, row)
        trail.note(
            request, unit, "model_went_back", brand_id=brand.pk, version=row.version if row else "built-in"
        )
    return render.redirect(request, _here(brand), notice=_("This model serves from now on."))


def builtin(request: Request) -> Measured | None:
    """None until it has been built."""
    model = state.parts(request).model
    return measured.of_builtin(model.artifact) if model else None


def labels_of(tags: Sequence[Tag]) -> dict[str, str]:
    return {one.name: tag.label(one) for one in tags}


def list_tags(unit: Unit, brand: Brand) -> list[Tag]:
    return [one for one, _used in tag_list.list_used(unit, brand.pk)]


def _page(request: Request, headers: Mapping[str, str] | None = None) -> Response:
    access = state.access(request)
    order = request.query_params.get("order", "")
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        facts = _facts(request, unit, chosen, order) if chosen else {}
    return render.page(
        request,
        PAGE,
        block="section",
        headers=headers,
        path=HERE,
        brands=shops,
        brand=chosen,
        order=order if order in measured.ORDERS else measured.ORDERS[0],
        **facts,
    )


def _standing(request: Request, unit: Unit, brand: Brand) -> dict[str, Any]:
    """What the head of the page says. `mark` changes whenever another model serves or a training begins or ends."""
    active, under_way = versions.find_active(unit, brand.pk), versions.find_under_way(unit, brand.pk)
    fault = serving.find_fault(state.parts(request).files, active.artifact) if active else None
    shown = measured.of_version(active) if active and not fault else builtin(request)
    listed = versions.list_versions(unit, brand.pk)
    return {
        "listed": listed,
        "active": active,
        "under_way": under_way,
        "fault": fault,
        "shown": shown,
        "waiting": versions.has_news(unit, brand.pk, listed[0] if listed else None),
        "mark": f"{active.version if active else 0}.{under_way.version if under_way else 0}",
    }


def _facts(request: Request, unit: Unit, brand: Brand, order: str) -> dict[str, Any]:
    standing = _standing(request, unit, brand)
    shown: Measured | None = standing["shown"]
    listed, tags = standing["listed"], list_tags(unit, brand)
    changes = standing["active"].figures.get("changes", {}) if shown and shown.version else {}
    labels, weeks = labels_of(tags), drift.list_weeks(unit, brand.pk)
    lines = measured.tag_lines(shown, changes, order, labels) if shown else []
    return standing | {
        "versions": listed[:LISTED],
        "comparable": any(one.figures for one in listed),
        "lines": lines,
        "labels": labels,
        "keys": {one.name: one.key for one in tags},
        "curves": _curves(shown),
        "pairs": mixed_up.list_pairs(unit, brand.pk, shown.figures if shown else {}),
        "hints": tag_hints.find(unit, brand.pk, tags, lines if standing["active"] else ()),
        "changed": _changed(request, shown, listed, changes),
        "weeks": weeks if any(one.tickets for one in weeks) else [],
        "trend": model_charts.trend(weeks),
        "warnings": drift.warnings(weeks),
    }


def _curves(shown: Measured | None) -> dict[str, Any]:
    """By language: on ordinary messages, and on all of them where that is another curve."""
    found = {}
    for language in LANGUAGES:
        usual, part = (shown.usual(language), shown.part(language)) if shown else ({}, {})
        if usual.get("curve"):
            others = part["curve"] if part is not usual and "ordinary" in part else ()
            found[language] = (usual, model_charts.curve(usual["curve"]), model_charts.curve(others))
    return found


def _changed(
    request: Request, shown: Measured | None, listed: Sequence[ModelVersion], changes: Mapping[str, Any]
) -> dict[str, Any] | None:
    """What the version that serves brought against the one before it, or the built-in model."""
    if shown is None or not shown.version:
        return None
    row = next(one for one in listed if one.version == shown.version)
    base = next((one for one in listed if one.version == row.figures.get("base") and one.figures), None)
    before = measured.of_version(base) if base else builtin(request)
    before = measured.of_base(row, before) if before else None
    moved = [
        (language, name, one["won"] - one["lost"])
        for language, part in changes.items()
        for name, one in part.get("tags", {}).items()
        if one["won"] != one["lost"]
    ]
    return {
        "before": before,
        "fair": before is not None and before.version == row.figures.get("base"),
        "languages": {language: part for language, part in changes.items() if part.get("n")},
        "won": sorted((one for one in moved if one[2] > 0), key=lambda one: -one[2]),
        "lost": sorted((one for one in moved if one[2] < 0), key=lambda one: one[2]),
        "new": measured.new_tags(before.tags, shown.tags) if before else [],
        "gone": measured.new_tags(shown.tags, before.tags) if before else [],
    }


def _version(request: Request, unit: Unit, brand: Brand, key: str) -> ModelVersion | None:
    """None for the built-in model."""
    row = versions.get_version(unit, state.access(request), key) if key else None
    if row is not None and row.brand_id != brand.pk:
        raise Conflict("this model is another brand's")
    return row


def _here(brand: Brand) -> str:
    return f"{HERE}?brand={brand.key}"

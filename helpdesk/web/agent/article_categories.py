"""/articles/categories: what a brand's articles stand under."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.help import categories
from helpdesk.i18n import LANGUAGES
from helpdesk.i18n import gettext as _
from helpdesk.models import Brand
from helpdesk.people import brands
from helpdesk.web import forms, render, state, trail


def index(request: Request, status: int = 200, wrong: str = "") -> Response:
    """`wrong` is the key of the category whose form was refused; none for the one that adds."""
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, state.access(request).brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        shelves = categories.list_categories(unit, chosen.pk) if chosen else []
    return render.page(
        request,
        "agent/articles/categories.html",
        status=status,
        form=forms.of(request),
        wrong=wrong,
        brands=shops,
        brand=chosen,
        shelves=shelves,
        name_of=categories.name_of,
    )


def create(request: Request) -> Response:
    form = forms.of(request)
    try:
        with state.parts(request).database.write() as unit:
            brand = brands.get_brand(unit, state.access(request), form.value("brand"))
            categories.create(unit, brand.pk, names=_names(form))
    except Invalid as error:
        form.reject(error)
        return index(request, 422)
    return _back(request, brand, _("The category is saved."))


def update(request: Request) -> Response:
    form, key = forms.of(request), request.path_params["key"]
    try:
        with state.parts(request).database.write() as unit:
            brand = brands.get_brand(unit, state.access(request), form.value("brand"))
            categories.rename(unit, categories.get_category(unit, brand.pk, key), _names(form))
    except Invalid as error:
        form.reject(error)
        return index(request, 422, wrong=key)
    return _back(request, brand, _("The category is saved."))


def move(request: Request) -> Response:
    """One place up or down."""
    form = forms.of(request)
    step = -1 if form.choice("to", ("up", "down")) == "up" else 1
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), form.value("brand"))
        categories.move(unit, categories.get_category(unit, brand.pk, request.path_params["key"]), step)
    return _back(request, brand)


def destroy(request: Request) -> Response:
    """Its articles stay, under no category."""
    form = forms.of(request)
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), form.value("brand"))
        category = categories.get_category(unit, brand.pk, request.path_params["key"])
        name = categories.name_of(category)
        trail.note(request, unit, "article_category_deleted", brand_id=brand.pk, category=name)
        categories.remove(unit, category)
    return _back(request, brand, _("The category is gone; its articles stay."))


def _names(form: forms.Form) -> dict[str, str]:
    return {language: form.text(f"name_{language}", most=categories.LONGEST) for language in LANGUAGES}


def _back(request: Request, brand: Brand, notice: str = "") -> Response:
    return render.redirect(request, f"/articles/categories?brand={brand.key}", notice=notice)

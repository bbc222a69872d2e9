"""/settings/tags: what a brand's tags are called, their colours, and how often they were used."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.i18n import ngettext
from helpdesk.people import brands
from helpdesk.tickets import tag_list
from helpdesk.tickets.tag import label
from helpdesk.web import forms, render, state, trail

HERE = "/settings/tags"


def index(request: Request, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        found = tag_list.list_used(unit, chosen.pk) if chosen else []
        unused = tag_list.list_unused(unit, chosen.pk) if chosen else []
    return render.page(
        request,
        "agent/settings/tags.html",
        status=status,
        form=forms.of(request),
        brands=shops,
        brand=chosen,
        tags=found,
        unused=unused,
        only="unused" if request.query_params.get("show") == "unused" else "",
        colours=tag_list.COLOURS,
    )


def create(request: Request) -> Response:
    form, access = forms.of(request), state.access(request)
    name, colour = form.text("name", most=59, required=True), _colour(form)
    try:
        if form:
            with state.parts(request).database.write() as unit:
                brand = brands.get_brand(unit, access, form.value("brand"))
                tag = tag_list.create(unit, brand.pk, name=name, labels=_labels(form, name), colour=colour)
                trail.note(request, unit, "tag_added", brand_id=brand.pk, tag=tag.name)
            return render.redirect(request, f"{HERE}?brand={brand.key}", notice=_("The tag is saved."))
    except Invalid as error:
        form.reject(error)
    return index(request, 422)


def show(request: Request, status: int = 200) -> Response:
    with state.parts(request).database.read() as unit:
        tag = tag_list.get_tag(unit, state.access(request), request.path_params["key"])
        used = tag_list.count_used(unit, tag)
        aliases = tag_list.list_aliases(unit, tag)
        others = [one for one, _n in tag_list.list_used(unit, tag.brand_id) if one.pk != tag.pk]
    return render.page(
        request,
        "agent/settings/tag.html",
        status=status,
        form=forms.of(request),
        tag=tag,
        used=used,
        aliases=aliases,
        others=[("", ""), *sorted(((one.key, label(one)) for one in others), key=lambda pair: pair[1])],
        colours=tag_list.COLOURS,
    )


def update(request: Request) -> Response:
    form = forms.of(request)
    labels, colour = _labels(form, ""), _colour(form)
    if not form:
        return show(request, 422)
    with state.parts(request).database.write() as unit:
        tag = tag_list.get_tag(unit, state.access(request), request.path_params["key"])
        before = {"labels": list(tag.labels.values()), "colour": tag.colour}
        tag_list.change(tag, labels=labels, colour=colour)
        trail.note(
            request, unit, "tag_changed", brand_id=tag.brand_id, tag=tag.name, before=before["labels"],
            after=list(tag.labels.values()), colour=tag.colour,
        )  # fmt: skip
        brand = brands.get_by_id(unit, tag.brand_id)
    return render.redirect(request, f"{HERE}?brand={brand.key}", notice=_("The tag is saved."))


def add_alias(request: Request) -> Response:
    """Another word for it, in whatever language."""
    form = forms.of(request)
    word = form.text("alias", most=tag_list.LONGEST_ALIAS, required=True)
    try:
        if form:
            with state.parts(request).database.write() as unit:
                tag = tag_list.get_tag(unit, state.access(request), request.path_params["key"])
                tag_list.add_alias(unit, tag, word)
                trail.note(request, unit, "tag_alias_added", brand_id=tag.brand_id, tag=tag.name, word=word)
                key = tag.key
            return render.redirect(request, f"{HERE}/{key}", notice=_("The word leads to this tag now."))
    except Invalid as error:
        form.reject(error)
    return show(request, 422)


def remove_alias(request: Request) -> Response:
    word = forms.of(request).value("alias")
    with state.parts(request).database.write() as unit:
        tag = tag_list.get_tag(unit, state.access(request), request.path_params["key"])
        tag_list.remove_alias(unit, tag, word)
        trail.note(request, unit, "tag_alias_removed", brand_id=tag.brand_id, tag=tag.name, word=word)
        key = tag.key
    return render.redirect(request, f"{HERE}/{key}", notice=_("The word leads to no tag any more."))


def merge(request: Request) -> Response:
    """`into` is the key of the tag that stays."""
    access, form = state.access(request), forms.of(request)
    try:
        with state.parts(request).database.write() as unit:
            source = tag_list.get_tag(unit, access, request.path_params["key"])
            target = tag_list.get_tag(unit, access, form.value("into"))
            name, key = source.name, target.key
            moved = tag_list.merge(unit, source, target)
            trail.note(
                request,
                unit,
                "tag_merged",
                brand_id=target.brand_id,
                tag=name,
                into=target.name,
                tickets=moved,
            )
    except Invalid as error:
        form.reject(error)
        return show(request, 422)
    return render.redirect(request, f"{HERE}/{key}", notice=_("The tags are one now."))


def destroy(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        tag = tag_list.get_tag(unit, state.access(request), request.path_params["key"])
        trail.note(
            request,
            unit,
            "tag_deleted",
            brand_id=tag.brand_id,
            tag=tag.name,
            tickets=tag_list.count_used(unit, tag),
        )
        brand = brands.get_by_id(unit, tag.brand_id)
        tag_list.delete(unit, tag)
    return render.redirect(request, f"{HERE}?brand={brand.key}", notice=_("The tag is deleted."))


def destroy_unused(request: Request) -> Response:
    """Those that were chosen of the ones that nobody needs any more; what was used meanwhile stays."""
    access, form = state.access(request), forms.of(request)
    chosen = set(form.list("tag"))
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, access, form.value("brand"))
        gone = [one for one in tag_list.list_unused(unit, brand.pk) if one.tag.key in chosen]
        for one in gone:
            trail.note(request, unit, "tag_deleted", brand_id=brand.pk, tag=one.tag.name, tickets=one.used)
            tag_list.delete(unit, one.tag)
    notice = ngettext("%(num)s tag is deleted.", "%(num)s tags are deleted.", len(gone))
    return render.redirect(request, f"{HERE}?brand={brand.key}&show=unused", notice=notice)


def _labels(form: forms.Form, name: str) -> dict[str, str]:
    labels = {language: form.text(f"label_{language}", most=60) for language in ("ja", "en")}
    return {language: words or name for language, words in labels.items() if words or name}


def _colour(form: forms.Form) -> str:
    return form.choice("colour", ("", *tag_list.COLOURS))

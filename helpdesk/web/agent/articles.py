"""/articles: what a brand tells its customers, searched as they would search; and what they did not find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.help import articles, categories, listing, misses, search, votes
from helpdesk.help.listing import Line
from helpdesk.help.search import Hit
from helpdesk.i18n import gettext as _
from helpdesk.i18n import language
from helpdesk.models import ArticleCategory, Brand
from helpdesk.people import brands
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state

SPAN = timedelta(days=90)
MOST_FOUND = 20
SHORT = 5


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles of one category; those of none stand under None."""

    category: ArticleCategory | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A line that answers the words, with the piece that does."""

    line: Line
    excerpt: str


def index(request: Request) -> Response:
    """All articles by their categories, or with `?q=` the best for these words."""
    words = request.query_params.get("q", "").strip()[: search.MOST_QUERY]
    archived = request.query_params.get("archived") == "1"
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, state.access(request).brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        lines = _lines(unit, chosen, archived=archived)
        found = _found(unit, chosen, words, lines) if words and chosen else []
        shelves = _shelves(categories.list_categories(unit, chosen.pk), lines) if chosen and not words else []
        missed = _missed(unit, chosen, SHORT) if chosen else []
    return render.page(
        request,
        "agent/articles/index.html",
        block="found",
        brands=shops,
        brand=chosen,
        q=words,
        archived=archived,
        found=found,
        shelves=[one for one in shelves if one.lines],
        count=len(lines),
        missed=missed,
        name_of=categories.name_of,
    )


def report(request: Request) -> Response:
    """What customers looked for in vain, and which articles did not help."""
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, state.access(request).brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        lines = _lines(unit, chosen)
        missed = _missed(unit, chosen, 100) if chosen else []
    judged = [one for one in lines if one.votes.share is not None]
    return render.page(
        request,
        "agent/articles/report.html",
        brands=shops,
        brand=chosen,
        missed=missed,
        lines=lines,
        judged=sorted(judged, key=lambda one: (one.votes.share or 0, -one.votes.no)),
        days=SPAN.days,
    )


def settle(request: Request) -> Response:
    """A question is dealt with: by nothing, or by teaching its words to an article."""
    form, access, parts = forms.of(request), state.access(request), state.parts(request)
    with parts.database.write() as unit:
        brand = brands.get_brand(unit, access, form.value("brand"))
        missed = misses.find_missed(unit, brand.pk, request.path_params["key"])
        if missed is None:
            return render.redirect(
                request, _report(brand), notice=_("Somebody else was quicker."), kind="info"
            )
        if chosen := form.value("article"):
            article = articles.get_article(unit, access, chosen)
            articles.teach(unit, article, missed.query, language=missed.language, by=state.agent(request))
        misses.settle(unit, missed)
    done = _("The article is found by these words now.") if chosen else _("The question is off the list.")
    return render.redirect(request, _report(brand), notice=done)


def _report(brand: Brand) -> str:
    return f"/articles/report?brand={brand.key}"


def _lines(unit: Unit, brand: Brand | None, *, archived: bool = False) -> list[Line]:
    if brand is None:
        return []
    counted = votes.count(unit, brand.pk, since=unit.now - SPAN)
    return listing.list_lines(unit, brand.pk, votes=counted, archived=archived)


def _found(unit: Unit, brand: Brand, words: str, lines: Sequence[Line]) -> list[Found]:
    """What customers would find, in their order; then what only the team knows, by its title."""
    by_key = {one.key: one for one in lines}
    hits: list[Hit] = search.find(unit, [brand.pk], words, language=language(), limit=MOST_FOUND)
    found = [Found(by_key[one.key], one.excerpt) for one in hits if one.key in by_key]
    known = {one.line.key for one in found}
    return found + [Found(one, "") for one in listing.matching(lines, words) if one.key not in known]


def _shelves(shelves: Sequence[ArticleCategory], lines: Sequence[Line]) -> list[Shelf]:
    named = [Shelf(one, tuple(line for line in lines if line.category_id == one.pk)) for one in shelves]
    return [*named, Shelf(None, tuple(line for line in lines if line.category_id is None))]


def _missed(unit: Unit, brand: Brand, limit: int) -> list[misses.Missed]:
    return misses.list_missed(unit, brand.pk, since=unit.now - SPAN, limit=limit)

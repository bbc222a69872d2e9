"""/articles/{key}: an article as its readers see it, and its writing: draft, preview, publish, withdraw, archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.errors import Conflict, Invalid
from helpdesk.help import articles, categories, misses, votes
from helpdesk.i18n import LANGUAGES
from helpdesk.i18n import gettext as _
from helpdesk.models import Agent, Article, ArticleCategory, ArticleText, Brand
from helpdesk.people import brands
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state, trail

LANGUAGE_NAMES = {"ja": "日本語", "en": "English"}


@dataclass(frozen=True, slots=True)
class Page:
    """An article with what its pages show around it."""

    brand: Brand
    article: Article
    category: ArticleCategory | None
    texts: dict[str, ArticleText]
    votes: votes.Votes
    writer: str


def show(request: Request) -> Response:
    """As readers see it; with `?draft=1` as it would look if it were published now."""
    with state.parts(request).database.read() as unit:
        page = _page(request, unit)
    language = _language(request, page.texts)
    text = page.texts.get(language)
    draft = request.query_params.get("draft") == "1" or text is None or text.published_at is None
    return render.page(
        request,
        "agent/articles/show.html",
        **_context(page, language),
        draft=draft,
        title=(text.title if draft else text.live_title) if text else "",
        html=Markup((text.body if draft else text.live_body) if text else ""),  # noqa: S704 - cleaned when written
    )


def new(request: Request, status: int = 200) -> Response:
    """`?miss=` is a question that an article is to answer from now on."""
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, state.access(request).brand_ids)
        chosen = brands.choose(shops, request.query_params.get("brand"))
        missed = misses.find_missed(unit, chosen.pk, request.query_params.get("miss", "")) if chosen else None
        shelves = categories.list_categories(unit, chosen.pk) if chosen else []
    return render.page(
        request,
        "agent/articles/new.html",
        status=status,
        form=forms.of(request),
        brands=shops,
        brand=chosen,
        missed=missed,
        shelves=[(one.key, categories.name_of(one)) for one in shelves],
        languages=LANGUAGE_NAMES,
    )


def create(request: Request) -> Response:
    form, access, agent = forms.of(request), state.access(request), state.agent(request)
    title = form.text("title", required=True)
    language = form.choice("language", LANGUAGES, i18n.language())
    if not form:
        return new(request, 422)
    with state.parts(request).database.write() as unit:
        brand = brands.get_brand(unit, access, form.value("brand"))
        article = articles.create(unit, brand.pk, category=_category(unit, brand, form))
        missed = misses.find_missed(unit, brand.pk, form.value("miss"))
        keywords = missed.query if missed else ""
        articles.write(unit, article, language, by=agent, title=title, body="", keywords=keywords)
        if missed:
            misses.settle(unit, missed)
    return render.redirect(request, f"/articles/{article.key}/edit?lang={language}")


def edit(request: Request, status: int = 200, problem: str = "") -> Response:
    with state.parts(request).database.read() as unit:
        page = _page(request, unit)
        shelves = categories.list_categories(unit, page.brand.pk)
    language = _language(request, page.texts, told=False)
    return render.page(
        request,
        "agent/articles/edit.html",
        status=status,
        **_context(page, language),
        form=forms.of(request),
        problem=problem,
        shelves=[("", _("No category")), *((one.key, categories.name_of(one)) for one in shelves)],
        chosen_shelf=page.category.key if page.category else "",
        max_upload=state.parts(request).settings.max_upload_mb,
    )


def update(request: Request) -> Response:
    """`then` says what comes after: the draft is kept, looked at, or published."""
    form, access = forms.of(request), state.access(request)
    then = form.choice("then", ("keep", "look", "publish"), "keep")
    try:
        with state.parts(request).database.write() as unit:
            article = articles.get_article(unit, access, request.path_params["key"])
            text = _write(request, unit, article, form)
            if then == "publish":
                articles.publish(unit, article, text)
                _note(request, unit, "article_published", article, text)
    except Invalid as error:
        form.reject(error)
        return edit(request, 422)
    except Conflict as error:
        return edit(request, 409, problem=i18n.told(error))
    if then == "look":
        return render.redirect(request, _address(article, text.language, draft="1"))
    if then == "publish":
        return render.redirect(
            request, _address(article, text.language), notice=_("The article is published.")
        )
    told = _("The draft is kept. Readers see what was published before.")
    kept = told if text.published_at else _("The draft is kept.")
    return render.redirect(request, f"/articles/{article.key}/edit?lang={text.language}", notice=kept)


def withdraw(request: Request) -> Response:
    """One of its languages; what was written stays as a draft."""
    language = forms.of(request).choice("language", LANGUAGES)
    with state.parts(request).database.write() as unit:
        article = articles.get_article(unit, state.access(request), request.path_params["key"])
        if text := articles.list_texts(unit, article).get(language):
            articles.withdraw(unit, text)
            _note(request, unit, "article_withdrawn", article, text)
    told = _("Customers do not see the article any more. It is a draft again.")
    return render.redirect(request, f"/articles/{article.key}/edit?lang={language}", notice=told)


def archive(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        article = articles.get_article(unit, state.access(request), request.path_params["key"])
        brand = brands.get_by_id(unit, article.brand_id)
        articles.archive(unit, article)
        _note(request, unit, "article_archived", article)
    told = _("The article is archived. Nothing of it is lost.")
    return render.redirect(request, f"/articles?brand={brand.key}", notice=told)


def restore(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        article = articles.get_article(unit, state.access(request), request.path_params["key"])
        articles.restore(unit, article)
        _note(request, unit, "article_restored", article)
    return render.redirect(request, f"/articles/{article.key}", notice=_("The article is back."))


def move(request: Request) -> Response:
    """One place up or down in its category."""
    step = -1 if forms.of(request).choice("to", ("up", "down")) == "up" else 1
    with state.parts(request).database.write() as unit:
        article = articles.get_article(unit, state.access(request), request.path_params["key"])
        brand = brands.get_by_id(unit, article.brand_id)
        articles.move(unit, article, step)
    return render.redirect(request, f"/articles?brand={brand.key}#{article.key}")


def _page(request: Request, unit: Unit) -> Page:
    access: Access = state.access(request)
    article = articles.get_article(unit, access, request.path_params["key"])
    texts = articles.list_texts(unit, article)
    newest = max(texts.values(), key=lambda one: one.updated_at, default=None)
    writer = unit.session.get(Agent, newest.updated_by_id) if newest and newest.updated_by_id else None
    category = unit.session.get(ArticleCategory, article.category_id) if article.category_id else None
    counted = votes.count_of(unit, article)
    brand = brands.get_by_id(unit, article.brand_id)
    return Page(brand, article, category, texts, counted, writer.name if writer else "")


def _context(page: Page, language: str) -> dict[str, Any]:
    text = page.texts.get(language)
    return {
        "brand": page.brand,
        "article": page.article,
        "category": categories.name_of(page.category),
        "text": text,
        "lang": language,
        "states": {one: _state(page.texts.get(one)) for one in LANGUAGES},
        "languages": LANGUAGE_NAMES,
        "votes": page.votes,
        "views": sum(one.views for one in page.texts.values()),
        "writer": page.writer,
    }


def _state(text: ArticleText | None) -> str:
    """live, changed, draft, or nothing at all."""
    if text is None:
        return ""
    if text.published_at is None:
        return "draft"
    return "changed" if articles.is_changed(text) else "live"


def _language(request: Request, texts: dict[str, ArticleText], *, told: bool = True) -> str:
    """The one asked for; else the reader's, if the article is told in it."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES and (asked in texts or not told):
        return asked
    own = i18n.language()
    return own if own in texts or not texts else next(iter(texts))


def _write(request: Request, unit: Unit, article: Article, form: forms.Form) -> ArticleText:
    brand = brands.get_by_id(unit, article.brand_id)
    text = articles.write(
        unit,
        article,
        form.choice("language", LANGUAGES, i18n.language()),
        by=state.agent(request),
        title=form.text("title"),
        body=form.value("body"),
        keywords=form.text("keywords", most=articles.LONGEST_KEYWORDS, lines=True),
        url=form.text("url", most=1000),
        version=form.integer("version"),
    )
    articles.place(unit, article, _category(unit, brand, form))
    return text


def _category(unit: Unit, brand: Brand, form: forms.Form) -> ArticleCategory | None:
    key = form.value("category")
    return categories.get_category(unit, brand.pk, key) if key else None


def _note(
    request: Request, unit: Unit, event: str, article: Article, text: ArticleText | None = None
) -> None:
    told = text or next(iter(articles.list_texts(unit, article).values()), None)
    language = text.language if text else None
    title = told.title if told else article.key
    trail.note(request, unit, event, brand_id=article.brand_id, article=title, language=language)


def _address(article: Article, language: str, **further: str) -> str:
    return f"/articles/{article.key}?{urlencode({'lang': language, **further})}"

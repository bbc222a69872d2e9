"""What a shop's page asks about articles: which ones answer some words, one of them to read, and whether it helped."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.help import body, misses, pictures, reading, search, votes
from helpdesk.help.reading import Told
from helpdesk.help.search import Hit
from helpdesk.web import state
from helpdesk.web.agent import attachment
from helpdesk.web.cross import Asking
from helpdesk.web.widget import OPEN, given_json

MOST = 5


async def index(asking: Asking) -> Response:
    """Articles for `q`; without it those that the team put first. `language` marks one in another language."""
    asking.require_quota("90/minute", "articles", asking.address)
    words = " ".join(asking.request.query_params.get("q", "")[: search.MOST_QUERY].split())
    found = await run_in_threadpool(_find, asking, words)
    return JSONResponse({"articles": [_card(one) for one in found]}, headers={"Cache-Control": "no-cache"})


def _find(asking: Asking, words: str) -> list[Hit]:
    brand_id, language = asking.widget.brand_id, i18n.language()
    with asking.parts.database.read() as unit:
        if not words:
            return search.featured(unit, brand_id, language=language, limit=MOST)
        found = search.find(unit, [brand_id], words, language=language, limit=MOST)
        if found and not misses.is_typed_on(unit, brand_id, words):
            return found
    if asking.quota.allows("30/10minutes", "misses", asking.address):
        with asking.parts.database.write() as unit:
            misses.note(unit, brand_id, words, language=language, found=bool(found))
    return found


def _card(hit: Hit) -> dict[str, Any]:
    other = {"language": hit.language} if hit.language != i18n.language() else {}
    return {"key": hit.key, "title": hit.title, "excerpt": hit.excerpt} | other


async def show(asking: Asking) -> Response:
    """One article to read; its pictures by their whole address."""
    asking.require_quota("60/minute", "article", asking.address)
    told = await run_in_threadpool(_read, asking)
    said = {
        "key": told.key,
        "title": told.title,
        "html": body.elsewhere(told.html, asking.parts.settings.base_url or str(asking.request.base_url)),
        "language": told.language,
        "updated_at": told.updated_at.isoformat(),
        "url": told.url or None,
    }
    return JSONResponse(said, headers={"Cache-Control": "no-cache"})


def _read(asking: Asking) -> Told:
    told = _get(asking)
    if asking.quota.allows("1/10minutes", "view", asking.address, told.key):
        with asking.parts.database.write() as unit:
            reading.count_view(unit, told.text_id)
    return told


def _get(asking: Asking) -> Told:
    with asking.parts.database.read() as unit:
        key = asking.request.path_params["key"]
        return reading.get_live(unit, asking.widget.brand_id, key, language=i18n.language())


async def vote(asking: Asking) -> Response:
    """`{"helpful": true}`: of a visitor who said hello the last word counts."""
    asking.require_quota("20/10minutes", "votes", asking.address)
    helpful = (await given_json(asking.request)).get("helpful")
    if not isinstance(helpful, bool):
        raise Invalid("%(name)s is missing", field="helpful", name="helpful")
    await run_in_threadpool(_vote, asking, helpful)
    return JSONResponse({"helpful": helpful})


def _vote(asking: Asking, helpful: bool) -> None:
    told = _get(asking)
    with asking.parts.database.write() as unit:
        visitor = asking.find_visitor(unit)
        if visitor is None:
            asking.require_quota("3/day", "vote", asking.address, told.key)
        votes.vote(unit, told, helpful=helpful, visitor_id=visitor.pk if visitor else None)


def show_picture(request: Request) -> Response:
    """Who knows the key may have it; nothing in it ever runs on our origin."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        file = pictures.get(unit, request.path_params["key"])
    response = attachment.answer(parts.files.get(file.sha256), file.name, file.content_type, inline=True)
    response.headers.update(OPEN)
    return response

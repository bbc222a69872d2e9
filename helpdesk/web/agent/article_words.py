"""GET /tickets/{key}/articles/{article}: an article for the answer being written; `?preview=1` to look first."""

from __future__ import annotations

from dataclasses import asdict

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk.help import answering
from helpdesk.i18n import LANGUAGES
from helpdesk.inbox import reach
from helpdesk.web import render, state


def show(request: Request) -> Response:
    """JSON for the composer; without JavaScript the page of the article."""
    asked = request.query_params.get("tongue", "")
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        language = asked if asked in LANGUAGES else ""
        words = answering.words_of(unit, ticket, request.path_params["article"], language=language)
    if request.query_params.get("preview"):
        html = Markup(words.html)  # noqa: S704 - cleaned when it was written
        return render.fragment(request, "agent/ticket/_article_preview.html", words=words, html=html)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(asdict(words))
    return render.redirect(request, f"/articles/{words.key}?lang={words.language}")

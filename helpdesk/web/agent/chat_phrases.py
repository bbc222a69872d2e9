"""`/chats/{key}/phrases`, `/chats/{key}/macros`, `/chats/phrases`: what an agent says often, ready to be put in."""

from __future__ import annotations

import json
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.automation import macro as automation
from helpdesk.help import answering
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.people import accounts, phrases
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer, macro

FITTING, BEST, MOST = 4, 3, 8
ARTICLE = "article."


def chips(request: Request) -> Response:
    """The macros that fit this chat best and the agent's own phrases, each a button."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        fitting = [one.macro for one in automation.suggestions(unit, ticket, parts.catalog, limit=FITTING)]
    own = phrases.list_phrases(state.agent(request))
    return render.fragment(request, "agent/chats/_phrases.html", key=ticket.key, fitting=fitting, own=own)


def index(request: Request) -> Response:
    """Macros, articles and own phrases that hold the words looked for, as JSON; without words what fits best."""
    parts, language = state.parts(request), i18n.language()
    sought = request.query_params.get("words", "").strip()[:100]
    with parts.database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        fitting = [] if sought else [one.macro for one in automation.suggestions(unit, ticket, parts.catalog)]
        told = answering.matching(unit, ticket, sought) if sought else answering.fitting(unit, ticket)
    found = {one.key: one for one in [*fitting, *parts.catalog.search(sought, language)]}
    macros = [
        ("macro", one.key, one.title(language), one.description.get(language, "")) for one in found.values()
    ]
    articles = [("article", f"{ARTICLE}{one.key}", one.title, one.excerpt) for one in told]
    own = [
        ("phrase", "", one, "")
        for one in phrases.list_phrases(state.agent(request))
        if sought.casefold() in one.casefold()
    ]
    best = macros[:BEST] + articles[:BEST] + own[:MOST] + macros[BEST:MOST]
    return JSONResponse([dict(zip(("kind", "key", "title", "words"), one, strict=True)) for one in best])


def show(request: Request) -> Response:
    """One macro with what is known about the chat, as JSON: its text, what is missing, what it will do."""
    key = request.path_params["macro"]
    if key.startswith(ARTICLE):
        return JSONResponse(asdict(_article(request, key.removeprefix(ARTICLE))))
    filled = macro.fill(request, key)
    return JSONResponse(asdict(filled))


def _article(request: Request, key: str) -> macro.Filled:
    """An article's words, as a macro without actions."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        words = answering.words_of(unit, ticket, key)
    return macro.Filled(title=words.title, lang=words.language, text=words.text)


def edit(request: Request) -> Response:
    """One's own phrases, a line each: in a dialog for htmx, else a page."""
    own = phrases.list_phrases(state.agent(request))
    return render.page(request, "agent/chats/phrases.html", block="form", own=own, most=phrases.MOST)


def update(request: Request) -> Response:
    given = forms.of(request).value("phrases")
    with state.parts(request).database.write() as unit:
        phrases.keep(accounts.get_by_id(unit, state.agent(request).pk), given.splitlines())
    if not render.wants_part(request):
        return render.redirect(request, "/chats", notice=_("Phrases saved."))
    events = {"phrases-changed": True, "notice": answer.told(_("Phrases saved."))}
    return Response(status_code=204, headers={"HX-Trigger": json.dumps(events)})

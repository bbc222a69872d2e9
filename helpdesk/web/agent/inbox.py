"""`/`: views, list, and an invitation to choose a ticket. The list asks for itself again at `/inbox/rows`."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.access import Access
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.inbox import counts, filter, listing, reasons
from helpdesk.inbox.filter import VIEWS, Filter
from helpdesk.inbox.tagging import Book, read_book
from helpdesk.store.db import Unit
from helpdesk.web import render, state

PAGE = 50
MOST = 400
CHANNELS = {
    "email": ("mail", lazy("E-mail")),
    "chat": ("message-square", lazy("Chat")),
    "line": ("message-circle", "LINE"),
    "instagram": ("image", "Instagram"),
    "messenger": ("message-circle", "Messenger"),
    "whatsapp": ("phone", "WhatsApp"),
    "x": ("at-sign", "X"),
}


def show(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        pane = list_pane(unit, state.access(request), request)
    return render.page(request, "agent/inbox/show.html", **pane)


def rows(request: Request) -> Response:
    """The list and the counts alone; 304 while nothing in them changed."""
    with state.parts(request).database.read() as unit:
        pane = list_pane(unit, state.access(request), request)
    if request.headers.get("if-none-match") == pane["etag"]:
        return Response(status_code=304, headers={"ETag": pane["etag"]})
    response = render.fragment(request, "agent/inbox/_rows.html", refreshed=True, **pane)
    response.headers.update({"ETag": pane["etag"], "Cache-Control": "private, no-cache"})
    return response


def more(request: Request) -> Response:
    """The rows after those already shown."""
    with state.parts(request).database.read() as unit:
        pane = list_pane(unit, state.access(request), request, counted=False)
    return render.fragment(request, "agent/inbox/_more.html", **pane)


def list_pane(
    unit: Unit,
    access: Access,
    request: Request,
    *,
    current: str = "",
    book: Book | None = None,
    counted: bool = True,
) -> dict[str, Any]:
    """Everything that the list and the views beside it show; three queries."""
    chosen = filter.parse(request.query_params)
    book = read_book(unit, access) if book is None else book
    after = request.query_params.get("after", "")
    page = listing.rows(unit, access, chosen, after=after, limit=_limit(request), book=book)
    numbers = counts.read(unit, access) if counted else None
    labels = book.labels()
    return {
        "chosen": chosen,
        "query": query_of(chosen),
        "page": page,
        "counts": numbers,
        "views": VIEWS,
        "channels": CHANNELS,
        "title": _title(chosen, labels),
        "why": lambda found: reasons.in_one_line(reasons.say(found, labels)),
        "link": lambda **other: "/" + query_of(chosen, **other),
        "current": current or request.query_params.get("current", ""),
        "etag": _etag(page, numbers, unit),
        "bound": counts.BOUND,
        "brands": book.brands,
    }


def query_of(chosen: Filter, **other: str) -> str:
    pairs = chosen.params(**other)
    return f"?{urlencode(pairs)}" if pairs else ""


def _limit(request: Request) -> int:
    asked = request.query_params.get("limit", "")[:6]
    return max(PAGE, min(int(asked), MOST)) if asked.isascii() and asked.isdecimal() else PAGE


def _title(chosen: Filter, labels: dict[str, str]) -> str:
    if chosen.q:
        return _("Search results")
    narrowed = [labels.get(chosen.tag, chosen.tag)]
    if chosen.channel:
        narrowed.append(_(CHANNELS.get(chosen.channel, ("", chosen.channel))[1]))
    if chosen.language:
        narrowed.append(_("Japanese") if chosen.language == "ja" else _("English"))
    return " · ".join([_(VIEWS[chosen.view]), *(one for one in narrowed if one)])


def _etag(page: listing.ListPage, numbers: counts.Counts | None, unit: Unit) -> str:
    """Over what is shown; the minute is part of it because waiting times are."""
    said = f"{page!r}{numbers!r}{int(unit.now.timestamp() // 60)}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:16]}"'

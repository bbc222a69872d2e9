"""`/`: views, list, and an invitation to choose a ticket. The list asks for itself again at `/inbox/rows`."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.access import Access
from helpdesk.i18n import gettext as _
from helpdesk.inbox import choices, counts, filter, filter_rows, listing, search, views
from helpdesk.inbox.filter import SORTS, STATUSES, VIEWS, Filter
from helpdesk.inbox.tagging import Book, read_book
from helpdesk.inbox.views import SavedView
from helpdesk.store.db import Unit
from helpdesk.web import render, state
from helpdesk.web.agent import row
from helpdesk.web.agent.chips import CHANNELS, LANGUAGES, address, chips, query_of, said_fields

__all__ = ["CHANNELS", "list_pane", "more", "query_of", "rows", "show"]

PAGE = 30
MOST = 400
NAMED = ("assignee", "team", "brand")  # values that only the database can put in words


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


def search_rows(request: Request) -> Response:
    """The results alone, while somebody types; on Enter their address as well."""
    with state.parts(request).database.read() as unit:
        pane = list_pane(unit, state.access(request), request, counted=False)
    response = render.fragment(request, "agent/inbox/_rows.html", **pane)
    if request.headers.get("hx-trigger-name") != "q":
        response.headers["HX-Push-Url"] = f"/{pane['query']}"
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
    """Everything that the list and the views beside it show; four queries, five where a person is chosen."""
    chosen, ignored = filter.read(request.query_params)
    book = read_book(unit, access) if book is None else book
    after = request.query_params.get("after", "")
    found = filter_rows.find(unit, access, chosen) if chosen.q else None
    page = listing.rows(unit, access, chosen, after=after, limit=_limit(request), book=book, found=found)
    order = state.agent(request).preferences.get("views", [])
    saved = views.list_views(unit, access, order) if counted else []
    numbers = counts.read(unit, access, {one.key: one.filter for one in saved}) if counted else None
    labels = book.labels()
    named = any(getattr(chosen, name) for name in NAMED) and counted
    this = next((one for one in saved if one.key == chosen.saved), None)
    query = query_of(chosen)
    cuts = search.snippets(unit, found, (one.key for one in page.rows)) if found else {}
    made = row.make(page.rows, chosen, query, book, cuts, unit.now)
    return {
        "chosen": chosen,
        "ignored": said_fields(ignored),
        "query": query,
        "page": page,
        "found": found,
        "counts": numbers,
        "views": VIEWS,
        "saved": saved,
        "this": this,
        "this_changed": this is not None and _differs(chosen, this),
        "sorts": SORTS,
        "statuses": STATUSES,
        "channels": CHANNELS,
        "tongues": LANGUAGES,
        "title": this.name if this else _title(chosen),
        "chips": chips(chosen, labels, choices.read(unit, access) if named else choices.Choices()),
        "link": lambda **other: address(chosen, **other),
        "to_view": lambda one: address(one.filter),
        "rows": row.choose(made, current or request.query_params.get("current", "")),
        "etag": _etag(made, page, numbers, saved),
        "bound": counts.BOUND,
        "brands": book.brands,
    }


def _limit(request: Request) -> int:
    asked = request.query_params.get("limit", "")[:6]
    return max(PAGE, min(int(asked), MOST)) if asked.isascii() and asked.isdecimal() else PAGE


def _differs(chosen: Filter, view: SavedView) -> bool:
    """Whether the list on the screen is no longer what the view says."""
    same_manner = chosen.order_by == view.filter.order_by and chosen.columns == view.filter.columns
    return not same_manner or chosen.conditions != view.filter.conditions


def _title(chosen: Filter) -> str:
    return _("Search results") if chosen.q else _(VIEWS[chosen.view])


def _etag(made: str, page: listing.ListPage, numbers: counts.Counts | None, saved: list[SavedView]) -> str:
    """Over what is shown."""
    said = f"{made}{page.next}{numbers!r}{saved!r}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:16]}"'

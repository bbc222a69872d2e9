"""GET /palette?q=: what the palette finds on the server, grouped; what can be done on the page it knows itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.access import Access
from helpdesk.customers import naming
from helpdesk.help import search as articles
from helpdesk.i18n import gettext as _
from helpdesk.i18n import language
from helpdesk.inbox import palette, views
from helpdesk.inbox.filter import VIEWS
from helpdesk.store.db import Unit
from helpdesk.web import render, sections, state
from helpdesk.web.agent.inbox import CHANNELS
from macros.catalog import Catalog

MOST = palette.MOST


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette. `into` is where htmx puts what `href` answers, on a page that has the place."""

    href: str
    icon: str
    text: str
    also: str = ""
    into: str = ""


def show(request: Request) -> Response:
    """`?ticket=` is the conversation that is open: its macros are offered too."""
    words = request.query_params.get("q", "").strip()[:100]
    ticket = request.query_params.get("ticket", "")[:40]
    access, parts = state.access(request), state.parts(request)
    with parts.database.read() as unit:
        groups = _found(unit, access, words) if words else {_("Recent"): _recent(unit, access)}
    if ticket.isalnum():
        groups[_("Macros")] = _macros(parts.catalog, words, ticket) if words else []
    return render.fragment(request, "agent/palette/show.html", groups=_filled(groups))


def _found(unit: Unit, access: Access, words: str) -> dict[str, list[Entry]]:
    return {
        _("Tickets"): _tickets(palette.tickets(unit, access, words)),
        _("Customers"): [
            Entry(f"/customers/{one.key}", "user", one.name or one.also or _visitor(one.key), one.also)
            for one in palette.customers(unit, access, words)
        ],
        _("Articles"): _articles(unit, access, words),
        _("Views"): _views(unit, access, words),
        _("Settings"): _pages(access, words),
        _("Colleagues"): _colleagues(unit, access, words),
    }


def _visitor(key: str) -> str:
    return naming.called("", key, "chat")


def _recent(unit: Unit, access: Access) -> list[Entry]:
    return _tickets(palette.recent(unit, access))


def _tickets(found: Iterable[palette.FoundTicket]) -> list[Entry]:
    return [
        Entry(
            href=f"/tickets/{one.key}",
            icon=CHANNELS.get(one.channel, ("inbox", ""))[0],
            text=one.subject or _("(no words)"),
            also=" · ".join(filter(None, (f"#{one.number}", one.customer))),
            into="#conversation",
        )
        for one in found
    ]


def _views(unit: Unit, access: Access, words: str) -> list[Entry]:
    own = [Entry(f"/?view={key}", "layout-list", _(name)) for key, name in VIEWS.items()]
    saved = [Entry(_address(one), "bookmark", one.name) for one in views.list_views(unit, access)]
    return [one for one in (*saved, *own) if _holds(one.text, words)][:MOST]


def _articles(unit: Unit, access: Access, words: str) -> list[Entry]:
    found = articles.find(unit, access.brand_ids, words, language=language(), limit=MOST)
    return [Entry(f"/articles/{one.key}", "book-open", one.title) for one in found]


def _address(one: views.SavedView) -> str:
    return f"/?{urlencode(one.filter.params())}"


def _pages(access: Access, words: str) -> list[Entry]:
    named = [(one, _(one.title)) for one in sections.open_to(access)]
    return [Entry(one.path, one.icon, title) for one, title in named if _holds(title, words)][:MOST]


def _colleagues(unit: Unit, access: Access, words: str) -> list[Entry]:
    if not access.may("people"):
        return []
    found = palette.colleagues(unit, access, words)
    return [Entry(f"/settings/agents/{one.key}", "user", one.name, one.also) for one in found]


def _macros(catalog: Catalog, words: str, ticket: str) -> list[Entry]:
    return [
        Entry(
            href=f"/tickets/{ticket}/macros/{one.key}",
            icon="zap",
            text=one.title(language()),
            also=one.description.get(language(), ""),
            into="#draft",
        )
        for one in catalog.search(words, language())[:MOST]
    ]


def _holds(title: str, words: str) -> bool:
    folded = title.casefold()
    return all(word in folded for word in words.casefold().split())


def _filled(groups: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {title: entries for title, entries in groups.items() if entries}

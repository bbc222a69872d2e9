"""`/inbox/filter`: every field that the list can be narrowed by, as a form; for htmx inside the filter menu."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.inbox import choices, filter
from helpdesk.inbox.filter import COLUMNS, CUSTOMERS, ORDERS, SORTS, STATUSES, VIEWS
from helpdesk.inbox.filter_values import MOST
from helpdesk.inbox.tagging import read_book
from helpdesk.web import render, state
from helpdesk.web.agent.chips import CHANNELS, LANGUAGES, LEVELS, query_of, waiting_words

SPANS = ("30m", "1h", "4h", "12h", "1d", "2d", "3d", "7d")


def show(request: Request) -> Response:
    access, chosen = state.access(request), filter.parse(request.query_params)
    with state.parts(request).database.read() as unit:
        book, named = read_book(unit, access), choices.read(unit, access)
    spans = dict.fromkeys([*SPANS, *([chosen.waiting] if chosen.waiting else [])])
    labels = book.labels() | {
        name: name for name in (*chosen.tag, *chosen.without) if name not in book.labels()
    }
    return render.page(
        request,
        "agent/inbox/filter.html",
        block="form",
        chosen=chosen,
        query=query_of(chosen),
        views=VIEWS,
        statuses=STATUSES,
        channels=CHANNELS,
        tongues=LANGUAGES,
        levels=LEVELS,
        customers=CUSTOMERS,
        orders=ORDERS,
        sorts=SORTS,
        columns=COLUMNS,
        spans=[(span, waiting_words(span)) for span in spans],
        tags=sorted(labels.items(), key=lambda pair: pair[1].casefold()),
        most_tags=MOST,
        assignees=[("me", _("Me")), ("none", _("Nobody")), *named.colleagues.items()],
        teams=list(named.teams.items()),
        brands=list(named.brands.items()),
    )

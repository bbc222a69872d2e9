"""`/notifications`: what concerns me; the bell in the rail asks for itself again."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.inbox import notifications
from helpdesk.web import render, state

HERE = "/notifications"


def index(request: Request) -> Response:
    """`?only=unread` for those that wait; `?before=` goes on below."""
    asked = request.query_params.get("before", "")[:12]
    before = int(asked) if asked.isascii() and asked.isdecimal() else 0
    only = "unread" if request.query_params.get("only") == "unread" else ""
    with state.parts(request).database.read() as unit:
        access = state.access(request)
        page = notifications.page(unit, access, before=before, unread=bool(only))
        unread = notifications.count_unread(unit, access)
    context: dict[str, Any] = {"page": page, "unread": unread, "only": only}
    if before and render.wants_part(request):
        return render.fragment(request, "agent/notifications/_lines.html", **context)
    return render.page(request, "agent/notifications/index.html", block="list", **context)


def bell(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        unread = notifications.count_unread(unit, state.access(request))
    return render.fragment(request, "agent/notifications/_bell.html", unread=unread)


def show(request: Request) -> Response:
    """To what it is about; opening the ticket marks it read."""
    key = request.path_params["key"]
    with state.parts(request).database.write() as unit:
        line = notifications.get(unit, state.access(request), key)
        notifications.mark_read(unit, state.access(request), key=key)
    if line.place:
        return render.redirect(request, line.place)
    if line.many > 1:
        return render.redirect(request, "/?view=mine")
    place = f"#message-{line.message}" if line.message else ""
    return render.redirect(request, f"/tickets/{line.ticket}{place}")


def read(request: Request) -> Response:
    """One of them, or all without a key."""
    access, key = state.access(request), request.path_params.get("key", "")
    with state.parts(request).database.write() as unit:
        if key:
            notifications.get(unit, access, key)
        notifications.mark_read(unit, access, key=key)
    if render.wants_part(request):
        response = index(request)
        response.headers["HX-Trigger"] = "agent-changed"
        return response
    return render.redirect(request, HERE, notice=_("Marked as read."))

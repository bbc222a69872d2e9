"""/settings/audit: who changed the helpdesk itself, signed in, or took numbers out of it."""

from __future__ import annotations

import csv
import io

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Forbidden
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.people import accounts, audit
from helpdesk.web import render, state, trail

PAGE, MOST_EXPORTED = 100, 50_000


def index(request: Request) -> Response:
    asked = request.query_params
    before = asked.get("before", "")
    with state.parts(request).database.read() as unit:
        people = accounts.list_agents(unit)
        who = next((one for one in people if one.key == asked.get("agent")), None)
        entries = audit.list_entries(
            unit,
            state.access(request),
            name=asked.get("name", ""),
            agent_id=who.pk if who else None,
            before=int(before) if before.isascii() and before.isdecimal() else None,
            limit=PAGE + 1,
        )
    return render.page(
        request,
        "agent/settings/audit.html",
        entries=entries[:PAGE],
        older=entries[PAGE - 1].id if len(entries) > PAGE else None,
        names=audit.NAMES,
        words=audit.in_words,
        people=people,
        asked=asked,
    )


def download(request: Request) -> Response:
    """The whole log as CSV; that it was taken is itself in the log."""
    state.access(request).require("export")
    reason = " ".join(request.query_params.get("reason", "").split())[:200]
    if not reason:
        raise Forbidden(lazy("say what the export is for"))
    with state.parts(request).database.write() as unit:
        trail.note(request, unit, "audit_exported", reason=reason)
        entries = audit.list_entries(unit, state.access(request), limit=MOST_EXPORTED)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Time"), _("Who"), _("What"), _("Brand"), _("Details"), _("From")])
    for one in entries:
        row = [
            one.at.isoformat(),
            one.agent or "",
            one.name,
            one.brand or "",
            audit.in_words(one),
            one.address,
        ]
        writer.writerow([_harmless(cell) for cell in row])
    return Response(
        "\ufeff" + text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def _harmless(cell: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell

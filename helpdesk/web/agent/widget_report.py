"""`/reports/widget`: what the campaigns and flows of a chat widget were good for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.chat import upkeep
from helpdesk.i18n import gettext as _
from helpdesk.models import ChannelAccount
from helpdesk.people import brands
from helpdesk.reports import chart, period, widgets
from helpdesk.reports.period import PRESETS
from helpdesk.web import render, state

HERE = "/reports/widget"


def show(request: Request) -> Response:
    access, asked = state.access(request), request.query_params.get("widget", "")
    with state.parts(request).database.read() as unit:
        found = upkeep.list_accounts(unit, access.brand_ids)
        chosen = upkeep.get_account(unit, access, asked) if asked else next(iter(found), None)
        zone = ZoneInfo(brands.get_by_id(unit, chosen.brand_id).timezone) if chosen else i18n.timezone()
        days = period.parse(request.query_params, zone, unit.now)
        report = widgets.read(unit, chosen.pk, chosen.config, days, i18n.language()) if chosen else None
    return render.page(
        request,
        "agent/reports/widget.html",
        widgets=found,
        chosen=chosen,
        report=report,
        period=days,
        zone=str(zone),
        share=chart.share,
        percent=_percent,
        **_presets(request, chosen),
    )


def _presets(request: Request, chosen: ChannelAccount | None) -> dict[str, Any]:
    params = request.query_params
    named = not (params.get("from") or params.get("to"))
    asked = params.get("period", period.DEFAULT)
    widget = {"widget": chosen.key} if chosen else {}
    return {
        "presets": [
            (key, _(words), f"{HERE}?{urlencode({'period': key, **widget})}")
            for key, words in PRESETS.items()
        ],
        "preset": (asked if asked in PRESETS else period.DEFAULT) if named else "",
    }


def _percent(part: int, whole: int) -> str:
    """Of nothing there is no share."""
    return f"{round(100 * part / whole)} %" if whole else "–"

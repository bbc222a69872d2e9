"""`/reports`: the numbers of a span of days, as a page, as files, and the tickets behind each of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.i18n import gettext as _
from helpdesk.i18n import ngettext
from helpdesk.reports import chart, export, overview, tickets_behind
from helpdesk.reports.labels import label, read_tags
from helpdesk.reports.measures import COUNTED, DEFINITIONS, NAMES, TIMED, Scope
from helpdesk.reports.overview import Overview, Shop
from helpdesk.reports.period import DAY, PRESETS, Period
from helpdesk.reports.tickets_behind import Asked
from helpdesk.reports.volume import DIMENSIONS
from helpdesk.store.db import Unit
from helpdesk.web import render, state, trail
from helpdesk.web.agent.attachment import disposition
from helpdesk.web.agent.inbox import CHANNELS

LISTED = 12  # rows of a table before the rest is folded away


def show(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        shops, scope = _chosen(request, unit)
        report = overview.read(unit, scope)
    return render.page(
        request, "agent/reports/show.html", **_frame(request, shops, scope), **_shown(request, report)
    )


def tickets(request: Request) -> Response:
    """The tickets behind one number."""
    asked = tickets_behind.parse(request.query_params)
    after = request.query_params.get("after", "")
    with state.parts(request).database.read() as unit:
        shops, scope = _chosen(request, unit)
        page = tickets_behind.behind(unit, scope, asked, after=after)
        tags = read_tags(unit, scope.brand_ids)
    days, brand = _days(scope.period), _brand(request)
    origin = {"origin": request.query_params.get("origin", "")}
    context = _frame(request, shops, scope) | {
        "asked": asked,
        "page": page,
        "channels": CHANNELS,
        "row": label(asked.by, asked.name, tags) if asked.by else "",
        "span": _span,
        "more": _address("/reports/tickets", days, brand, asked.params(), origin, {"after": page.next or ""}),
        "back": _address("/reports", _came_from(request, scope.period), brand),
    }
    with i18n.using(i18n.language(), context["zone"]):
        if after and render.wants_part(request):
            return render.fragment(request, "agent/reports/_rows.html", **context)
        return render.page(request, "agent/reports/tickets.html", **context)


def download(request: Request) -> Response:
    """/reports/volume.csv?by=tag: the same numbers as a file."""
    name, form = request.path_params["name"], request.path_params["format"]
    with state.parts(request).database.read() as unit:
        _shops, scope = _chosen(request, unit)
        report = overview.read(unit, scope)
    by = request.query_params.get("by", "day")
    content = export.write(report, name, by, form)
    kind = f"{name}-{by}" if name == "volume" else name
    file = f"{kind}-{scope.period.first}-{scope.period.last}.{form}"
    with state.parts(request).database.write() as unit:
        trail.note(request, unit, "report_exported", file=file)
    headers = {"Content-Type": export.FORMATS[form], "Content-Disposition": disposition(file)}
    return Response(content, headers=headers)


def _chosen(request: Request, unit: Unit) -> tuple[list[Shop], Scope]:
    shops = overview.list_shops(unit, state.access(request))
    return shops, overview.choose(shops, request.query_params, i18n.timezone(), unit.now)


def _frame(request: Request, shops: list[Shop], scope: Scope) -> dict[str, Any]:
    """What the page and the list of tickets both show of the choice."""
    return {
        "shops": shops,
        "brand": request.query_params.get("brand", ""),
        "period": scope.period,
        "names": NAMES,
        "definitions": DEFINITIONS,
        "dimensions": DIMENSIONS,
        "zone": str(scope.period.zone),
    }


def _shown(request: Request, report: Overview) -> dict[str, Any]:
    period, brand = report.scope.period, _brand(request)
    origin = {"origin": f"{period.first}~{period.last}"}

    def behind(measure: str, by: str = "", name: str = "", *, before: bool = False) -> str:
        days = period.before if before else period
        if before and by == "day":
            name = (date.fromisoformat(name) - period.days * DAY).isoformat()
        return _address("/reports/tickets", _days(days), brand, Asked(measure, by, name).params(), origin)

    def rising(name: str, *, usual: bool = False) -> str:
        until, weeks = (report.rising.until, report.rising.weeks) if usual else (None, 0)
        asked = Asked("created", "tag", name, until, weeks)
        return _address("/reports/tickets", _days(report.rising.week), brand, asked.params(), origin)

    return {
        "report": report,
        "counted": COUNTED,
        "timed": TIMED,
        "presets": [
            (key, _(words), _address("/reports", {"period": key}, brand)) for key, words in PRESETS.items()
        ],
        "preset": _preset(request),
        "chart": _chart(report),
        "share": chart.share,
        "span": _span,
        "listed": LISTED,
        "behind": behind,
        "rising_link": rising,
        "file": lambda name, form, **more: _address(f"/reports/{name}.{form}", _days(period), brand, more),
        "label": lambda by, name: label(by, name, report.tags),
    }


def _chart(report: Overview) -> chart.Chart:
    rows = report.volume.by["day"]
    figures = [row.figures["created"] for row in rows]
    said = [
        f"{label('day', row.name, {})}: "
        + ngettext("%(num)s ticket", "%(num)s tickets", one.now)
        + " · " + _("before: %(num)s", num=i18n.number(one.before))
        for row, one in zip(rows, figures, strict=True)
    ]  # fmt: skip
    total = report.volume.totals["created"]
    return chart.bars(
        [one.now for one in figures],
        [one.before for one in figures],
        said,
        title=_("Tickets created by day"),
        text=_(
            "%(now)s tickets in %(days)s days; %(before)s in the period before. The table has every day.",
            now=i18n.number(total.now), days=len(rows), before=i18n.number(total.before),
        ),
    )  # fmt: skip


def _span(seconds: float) -> str:
    """2d 5h: with the hours, which an average of days needs."""
    days, rest = divmod(int(seconds), 86_400)
    if not days:
        return i18n.duration(timedelta(seconds=seconds))
    hours = rest // 3600
    return _("%(n)sd", n=days) + (" " + _("%(n)sh", n=hours) if hours else "")


def _preset(request: Request) -> str:
    params = request.query_params
    if params.get("from") or params.get("to"):
        return ""
    asked = params.get("period", "28")
    return asked if asked in PRESETS else "28"


def _days(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _came_from(request: Request, period: Period) -> dict[str, str]:
    """The days of the report that led here; a number of the period before has others."""
    first, _tilde, last = request.query_params.get("origin", "").partition("~")
    return {"from": first, "to": last} if first and last else _days(period)


def _brand(request: Request) -> dict[str, str]:
    key = request.query_params.get("brand", "")
    return {"brand": key} if key else {}


def _address(path: str, *params: dict[str, str]) -> str:
    pairs = {key: value for given in params for key, value in given.items()}
    return f"{path}?{urlencode(pairs)}" if pairs else path

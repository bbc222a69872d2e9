"""/settings/model/compare: two models side by side, each by what it did with messages that it had not seen."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.people import brands
from helpdesk.triage import measured, versions
from helpdesk.triage.measured import Measured
from helpdesk.web import render, state
from helpdesk.web.agent.settings import model


def show(request: Request) -> Response:
    """`?a=` and `?b=` are versions, 0 for the built-in model; without them the newest and the one before."""
    asked = request.query_params
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, state.access(request).brand_ids)
        brand = brands.choose(shops, asked.get("brand"))
        if brand is None:
            raise NotFound(lazy("there is no brand yet"))
        rows = versions.list_versions(unit, brand.pk)
        labels = model.labels_of(model.list_tags(unit, brand))
    known = [measured.of_version(row) for row in rows if row.figures]
    built = model.builtin(request)
    known += [built] if built else []
    second = _find(known, asked.get("b", "")) or (known[0] if known else None)
    first = _find(known, asked.get("a", "")) or _before(known, second)
    pair = measured.same_messages(first, second, rows) if first and second else None
    return render.page(
        request,
        "agent/settings/model_compare.html",
        path=model.HERE,
        brand=brand,
        known=known,
        pair=pair,
        fair=pair is not None and pair != (first, second),
        states={row.version: row.state for row in rows},
        labels=labels,
        differences=measured.differences(*pair) if pair else [],
    )


def _find(known: list[Measured], asked: str) -> Measured | None:
    return next((one for one in known if str(one.version) == asked), None)


def _before(known: list[Measured], second: Measured | None) -> Measured | None:
    """The next older one; the built-in model stands last."""
    at = known.index(second) if second in known else 0
    return known[min(at + 1, len(known) - 1)] if known else None

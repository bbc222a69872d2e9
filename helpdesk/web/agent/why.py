"""`/tickets/{key}/tags/{name}/why` and `/tickets/{key}/risks/{name}`: which words of the customer counted.

Asked for when somebody opens the chip; a page of its own without JavaScript.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from classifiers import Model
from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.inbox import heard, reach, risks
from helpdesk.models import ModelVersion, Tag, TagAlias, Ticket, TicketTag
from helpdesk.store.db import Unit
from helpdesk.tickets import tag
from helpdesk.triage import catalogue, versions, why
from helpdesk.web import render, state
from helpdesk.web.agent import answer


def show_tag(request: Request) -> Response:
    """Of a tag that is on the ticket, or that might be."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        shown = _find_tag(unit, ticket, request.path_params["name"])
        on = unit.session.get(TicketTag, (ticket.pk, shown.pk))
        said = heard.list_heard(unit, ticket)
        model, version = _serving(request, unit, ticket)
        if shown.kind == tag.PRODUCT:
            category = shown.labels.get("en", shown.name)
            found = why.of_goods(catalogue.of_brand(unit, ticket.brand_id), category, said)
        else:
            found = why.of_tag(model, _names(unit, shown), said) if model else None
    return _page(
        request,
        ticket,
        found,
        named=shown.name,
        label=tag.label(shown),
        kind="goods" if shown.kind == tag.PRODUCT else "tag",
        state="suggested" if on is None else on.source,
        set_with=on.score if on else None,
        version=version,
        judged=shown.kind != tag.PRODUCT and (on is None or on.source == "auto"),
    )


def show_risk(request: Request) -> Response:
    risk = risks.RISKS.get(request.path_params["name"])
    if risk is None:
        raise NotFound(lazy("nothing is here, or it belongs to a brand that you may not see"))
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        said = heard.list_heard(unit, ticket)
        model, version = _serving(request, unit, ticket)
        found = why.of_mood(model, risk.sentiment, risk.cues, said) if model else None
    return _page(
        request,
        ticket,
        found,
        named=risk.name,
        label=risk.label,
        kind="risk",
        state="",
        set_with=None,
        version=version,
        judged=False,
    )


def _page(request: Request, ticket: Ticket, found: why.Why | None, **more: Any) -> Response:
    return render.page(
        request,
        "agent/ticket/why.html",
        block="why",
        ticket=ticket,
        found=found,
        query=answer.list_query(request),
        **more,
    )


def _find_tag(unit: Unit, ticket: Ticket, name: str) -> Tag:
    found = unit.session.exec(select(Tag).where(Tag.brand_id == ticket.brand_id, Tag.name == name)).first()
    if found is None:
        raise NotFound(lazy("there is no such tag"))
    return found


def _names(unit: Unit, shown: Tag) -> list[str]:
    """What a model may call the tag: it keeps the names of those that went into it."""
    merged = select(col(TagAlias.name)).where(
        TagAlias.brand_id == shown.brand_id, TagAlias.into == shown.name
    )
    return [shown.name, *unit.session.exec(merged)]


def _serving(request: Request, unit: Unit, ticket: Ticket) -> tuple[Model | None, ModelVersion | None]:
    """The model that reads the brand's messages, and which of its versions that is; None for the built-in one."""
    models, active = state.parts(request).models, versions.find_active(unit, ticket.brand_id)
    own = models.load(active.artifact) if models and active else None
    return own or (models.builtin if models else None), active if own else None

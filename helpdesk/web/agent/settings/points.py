"""/settings/points: grants above a limit wait here for a lead's answer."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.commerce import points, words
from helpdesk.errors import NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Brand, Customer, PointsRequest, Ticket
from helpdesk.people import accounts
from helpdesk.web import render, state, trail

HERE = "/settings/points"
DECIDED = 20


def index(request: Request) -> Response:
    access = state.access(request)
    query = (
        select(PointsRequest, Customer, Agent, Ticket, Brand)
        .join(Customer, col(Customer.id) == PointsRequest.customer_id)
        .join(Agent, col(Agent.id) == PointsRequest.agent_id)
        .join(Ticket, col(Ticket.id) == PointsRequest.ticket_id)
        .join(Brand, col(Brand.id) == PointsRequest.brand_id)
        .where(col(PointsRequest.brand_id).in_(access.brand_ids))
    )
    waiting = query.where(col(PointsRequest.state) == "waiting").order_by(col(PointsRequest.created_at))
    decided = query.where(col(PointsRequest.state) != "waiting").order_by(
        col(PointsRequest.decided_at).desc()
    )
    with state.parts(request).database.read() as unit:
        rows = unit.session.execute(waiting).all()
        past = unit.session.execute(decided.limit(DECIDED)).all()
        usage = {
            asked.key: points.usage(unit, brand=brand, customer=customer, agent=agent)
            for asked, customer, agent, _ticket, brand in rows
        }
    return render.page(
        request,
        "agent/settings/points.html",
        waiting=rows,
        decided=past,
        usage=usage,
        reason=words.reason,
    )


def approve(request: Request) -> Response:
    return _decide(request, approve=True, notice=_("The points are granted."))


def refuse(request: Request) -> Response:
    return _decide(request, approve=False, notice=_("The request is refused."))


def _decide(request: Request, *, approve: bool, notice: str) -> Response:
    with state.parts(request).database.write() as unit:
        query = select(PointsRequest).where(col(PointsRequest.key) == request.path_params["key"])
        asked = unit.session.scalars(query).first()
        if asked is None:
            raise NotFound(lazy("there is no such request"))
        state.access(request).require_brand(asked.brand_id)
        points.decide(unit, asked, by=accounts.get_by_id(unit, state.agent(request).pk), approve=approve)
        event = "points_approved" if approve else "points_refused"
        trail.note(request, unit, event, brand_id=asked.brand_id, points=asked.amount, reason=asked.reason)
    return render.redirect(request, HERE, notice=notice, kind="ok" if approve else "info")

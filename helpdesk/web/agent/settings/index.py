"""GET /settings: every section with its state, so that what needs a person is seen at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from helpdesk import mailboxes
from helpdesk.access import Access
from helpdesk.models import Delivery, InboundEvent, PointsRequest
from helpdesk.people import accounts, brands
from helpdesk.store.db import Unit
from helpdesk.web import render, state


def show(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        boxes = mailboxes.list_mailboxes(unit, access.brand_ids)
        values: dict[str, Any] = {
            "brands": brands.list_brands(unit, access.brand_ids),
            "mailboxes": len(boxes),
            "failing": sum(box.active and box.state == "failing" for box in boxes),
            "quarantined": _count(unit, access, InboundEvent, "quarantined"),
            "waiting": _count(unit, access, PointsRequest, "waiting"),
            "undelivered": _count(unit, access, Delivery, "failed"),
            "agents": accounts.count_agents(unit),
        }
    return render.page(request, "agent/settings/index.html", **values)


def _count(unit: Unit, access: Access, row: type[InboundEvent | PointsRequest | Delivery], name: str) -> int:
    query = select(func.count()).select_from(row)
    return (
        unit.session.scalar(query.where(col(row.brand_id).in_(access.brand_ids), col(row.state) == name)) or 0
    )

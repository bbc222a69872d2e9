"""GET /settings: every section with its state, so that what needs a person is seen at once."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n, mailboxes
from helpdesk.access import Access
from helpdesk.i18n import gettext as _
from helpdesk.i18n import ngettext
from helpdesk.models import Delivery, InboundEvent, PointsRequest
from helpdesk.people import accounts, brands
from helpdesk.social import health, upkeep
from helpdesk.store.db import Unit
from helpdesk.triage import alarm, topics
from helpdesk.web import render, state


def show(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        boxes = mailboxes.list_mailboxes(unit, access.brand_ids)
        shops = brands.list_brands(unit, access.brand_ids)
        agents = accounts.count_agents(unit)
        channels = upkeep.list_accounts(unit, access.brand_ids) if access.may("channels") else []
        standing = health.list_states(unit, channels) if channels else {}
        marks = {
            "/settings/points": (_count(unit, access, PointsRequest, "waiting"), "amber"),
            "/settings/quarantine": (_count(unit, access, InboundEvent, "quarantined"), "red"),
            "/outbox": (_count(unit, access, Delivery, "failed"), "red"),
            "/settings/topics": (topics.count_open(unit, access.brand_ids), "blue"),
        }
        drifts = access.may("tags") and alarm.has_warning(unit, access.agent_id, access.brand_ids)
    failing = sum(box.active and box.state == "failing" for box in boxes)
    said = {
        "/settings/brands": " · ".join(brand.name for brand in shops),
        "/settings/mailboxes": ngettext("%(num)s mailbox", "%(num)s mailboxes", len(boxes)),
        "/settings/agents": ngettext("%(num)s account", "%(num)s accounts", agents),
    }
    shown = {path: (i18n.number(n) if n else "", colour) for path, (n, colour) in marks.items()}
    if channels:
        said["/settings/channels"] = ngettext("%(num)s connected", "%(num)s connected", len(channels))
    if unwell := sum(one.level is health.Level.FAILING for one in standing.values()):
        shown["/settings/channels"] = (ngettext("%(num)s failing", "%(num)s failing", unwell), "red")
    if drifts:
        shown["/settings/model"] = (_("fits less well"), "amber")
    if failing:
        shown["/settings/mailboxes"] = (ngettext("%(num)s failing", "%(num)s failing", failing), "red")
    return render.page(request, "agent/settings/index.html", marks=shown, said=said)


def _count(unit: Unit, access: Access, row: type[InboundEvent | PointsRequest | Delivery], name: str) -> int:
    query = select(func.count()).select_from(row)
    return (
        unit.session.scalar(query.where(col(row.brand_id).in_(access.brand_ids), col(row.state) == name)) or 0
    )

"""`/tickets/{key}/points`: an apology in points; above a limit it becomes a request that a lead answers."""

from __future__ import annotations

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.commerce import points
from helpdesk.errors import Invalid, LimitExceeded, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import number
from helpdesk.models import Brand, Customer, PointsRequest
from helpdesk.web import forms
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import Acting, acting


def create(request: Request) -> Response:
    form = forms.of(request)
    amount = form.integer("amount", least=1, most=points.MOST)
    reason = form.text("reason", most=200, required=True)
    if not form:
        raise Invalid("give a number of points above 0 and a reason", field="amount")
    token = form.value("token")[:40]
    if not token:
        raise Invalid("this form is too old; reload the page", field="token")
    with acting(request) as at:
        granted = _grant(at, amount, reason, f"panel:{token}")
    shown = number(amount)
    done = _("%(amount)s points granted.", amount=shown)
    asked = _("%(amount)s points are above a limit; a lead was asked to approve them.", amount=shown)
    return page.changed(request, notice=done if granted else asked, tell=("panel-changed",))


def decide(request: Request) -> Response:
    """A lead's answer to a request: `approve` is 1 or 0."""
    approve = forms.of(request).flag("approve")
    with acting(request) as at:
        points.decide(at.unit, _get_request(at, request.path_params["request"]), by=at.by, approve=approve)
    notice = _("Approved; the points are granted.") if approve else _("Refused; no points are granted.")
    return page.changed(request, notice=notice, tell=("panel-changed",))


def _grant(at: Acting, amount: int, reason: str, token: str) -> bool:
    """True when granted, False when a lead has to say yes first."""
    try:
        points.grant(
            at.unit,
            brand=at.unit.session.get_one(Brand, at.ticket.brand_id),
            customer=at.unit.session.get_one(Customer, at.ticket.customer_id),
            ticket=at.ticket,
            agent=at.by,
            amount=amount,
            reason=reason,
            idempotency_key=token,
        )
    except LimitExceeded as limit:
        points.request_approval(
            at.unit,
            ticket=at.ticket,
            agent=at.by,
            amount=amount,
            reason=reason,
            limit=str(limit.data["limit"]),
            idempotency_key=token,
        )
        return False
    return True


def _get_request(at: Acting, key: str) -> PointsRequest:
    wanted = select(PointsRequest).where(PointsRequest.key == key, PointsRequest.ticket_id == at.ticket.id)
    found = at.unit.session.exec(wanted).first()
    if found is None:
        raise NotFound("this request does not exist; reload the page")
    return found

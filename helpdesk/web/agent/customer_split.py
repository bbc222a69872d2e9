"""`/customers/{key}/split`: one address is somebody else's; `/shared`: it is several people's."""

from __future__ import annotations

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.customers import shared, split
from helpdesk.errors import NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import joins, reach
from helpdesk.models import Agent, Brand, Customer, Identity, Order
from helpdesk.store.db import Unit
from helpdesk.web import forms, state, trail
from helpdesk.web.agent import coming_back, known
from helpdesk.web.agent.customer_merge import COUNTED


def show(request: Request) -> Response:
    """What goes along by itself, and which orders somebody may send along."""
    with state.parts(request).database.read() as unit:
        customer, identity = _asked(unit, request, request.query_params.get("identity", ""))
        plan = split.plan_split(unit, customer, identity)
        return known.page(
            request,
            "agent/customer/split.html",
            block="dialog",
            customer=customer,
            plan=plan,
            came_by=joins.get_joined(unit, plan.came_by) if plan.came_by else None,
            brand=unit.session.get_one(Brand, customer.brand_id),
            counted=COUNTED,
            back=coming_back.asked(request),
        )


def create(request: Request) -> Response:
    form, access = forms.of(request), state.access(request)
    with state.parts(request).database.write() as unit:
        customer, identity = _asked(unit, request, form.value("identity"))
        orders = unit.session.exec(
            select(Order).where(Order.customer_id == customer.pk, col(Order.key).in_(form.list("order")))
        ).all()
        by = unit.session.get_one(Agent, access.agent_id)
        done = split.split_off(unit, customer, identity, by=by, orders=[one.pk for one in orders])
        new = unit.session.get_one(Customer, done.source_id)
        trail.note(
            request,
            unit,
            "customer_split",
            brand_id=customer.brand_id,
            customer=customer.name,
            address=identity.shown or identity.value,
        )
    return coming_back.go(
        request,
        coming_back.place(request, new),
        notice=_("%(address)s is a customer of their own now.", address=identity.shown or identity.value),
        undo=f"/customers/merges/{done.key}/put-back{coming_back.query(request)}",
    )


def share(request: Request) -> Response:
    """`on`: several people write from it; without it, it is one person's again."""
    form, access = forms.of(request), state.access(request)
    with state.parts(request).database.write() as unit:
        customer, identity = _asked(unit, request, form.value("identity"))
        if form.flag("on"):
            by = unit.session.get_one(Agent, access.agent_id)
            row = shared.exclude(unit, customer.brand_id, identity.value, by=by, kind=identity.kind)
            trail.note(request, unit, "sender_shared", brand_id=customer.brand_id, address=row.value)
            notice = _(
                "%(address)s suggests nothing any more: several people write from it.", address=row.value
            )
        else:
            found = shared.find(unit, customer.brand_id, identity.value, kind=identity.kind)
            if found:
                trail.note(request, unit, "sender_unshared", brand_id=customer.brand_id, address=found.value)
                shared.include(unit, found)
            notice = _("%(address)s is one person's again.", address=identity.value)
    return coming_back.go(request, coming_back.place(request, customer), notice=notice)


def _asked(unit: Unit, request: Request, given: str) -> tuple[Customer, Identity]:
    customer = reach.get_customer(unit, state.access(request), request.path_params["key"])
    identity = unit.session.get(Identity, int(given)) if given.isdecimal() and len(given) < 10 else None
    if identity is None or identity.customer_id != customer.pk:
        raise NotFound(_("this address is not the customer's any more; reload the page"))
    return customer, identity

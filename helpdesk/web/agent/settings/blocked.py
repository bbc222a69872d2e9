"""`/settings/blocked`: whose messages go straight to spam, by whom that was said, and letting them in again."""

from __future__ import annotations

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import told
from helpdesk.models import Agent, BlockedSender
from helpdesk.tickets import block
from helpdesk.web import forms, render, state, trail
from helpdesk.web.agent.settings import brand_choice


def index(request: Request, *, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        listed = block.list_blocked(unit, access.brand_ids)
        brands = brand_choice.list_brands(unit, access.brand_ids)
    return render.page(
        request,
        "agent/settings/blocked.html",
        status=status,
        listed=listed,
        brands={brand.pk: brand for brand in brands},
        brand_choices=[(brand.key, brand.name) for brand in brands],
        form=forms.of(request),
    )


def create(request: Request) -> Response:
    """`value` is an address, or a domain when nothing stands before the @."""
    form, access = forms.of(request), state.access(request)
    value = form.text("value", most=320, required=True)
    kind = block.DOMAIN if not value.partition("@")[0] or "@" not in value else block.EMAIL
    if form:
        try:
            with state.parts(request).database.write() as unit:
                brand = brand_choice.get_brand(unit, access.brand_ids, form.value("brand"))
                block.require_no_free_mail(kind, value, sure=form.flag("sure"))
                by = unit.session.get_one(Agent, access.agent_id)
                row = block.block(unit, brand.pk, kind, value, by=by)
                trail.note(request, unit, "sender_blocked", brand_id=brand.pk, sender=row.value)
            return render.redirect(
                request, "/settings/blocked", notice=_("%(sender)s is blocked.", sender=row.value)
            )
        except Invalid as error:
            form.reject(error)
        except Conflict as error:
            form.errors["sure"] = told(error)
    return index(request, status=422)


def destroy(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.write() as unit:
        row = unit.session.exec(
            select(BlockedSender).where(
                BlockedSender.key == request.path_params["key"],
                col(BlockedSender.brand_id).in_(access.brand_ids),
            )
        ).first()
        if row is None:
            raise NotFound("this sender is not blocked any more")
        value = row.value
        trail.note(request, unit, "sender_unblocked", brand_id=row.brand_id, sender=value)
        block.unblock(unit, row)
    return render.redirect(
        request, "/settings/blocked", notice=_("%(sender)s is let in again.", sender=value)
    )

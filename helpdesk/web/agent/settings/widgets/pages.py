"""/settings/widgets: which there are, and a new one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.chat import upkeep
from helpdesk.chat.accounts import create_widget
from helpdesk.i18n import gettext as _
from helpdesk.people import brands
from helpdesk.web import forms, render, state, trail
from helpdesk.web.agent.settings.widgets.frame import HERE

NEW = {"presence": "agents"}  # with a new widget nobody waits for a team that went home


def index(request: Request, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        accounts = upkeep.list_accounts(unit, access.brand_ids)
    return render.page(
        request,
        "agent/settings/widgets/index.html",
        status=status,
        form=forms.of(request),
        brands=shops,
        names={one.pk: one.name for one in shops},
        widgets=accounts,
    )


def create(request: Request) -> Response:
    form, parts = forms.of(request), state.parts(request)
    name = form.text("name", most=120, required=True)
    if not form:
        return index(request, 422)
    with parts.database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), form.value("brand"))
        account = create_widget(unit, brand, parts.seal, name=name, config=NEW)
        trail.note(request, unit, "widget_added", brand_id=brand.pk, widget=account.name)
    return render.redirect(
        request,
        f"{HERE}/{account.key}",
        notice=_("The widget is made. Give it its look, then put it on the page."),
    )

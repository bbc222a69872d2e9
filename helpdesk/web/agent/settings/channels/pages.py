"""/settings/channels: which accounts there are and how they stand, and a new one of each kind."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.channels.names import NAMES
from helpdesk.errors import Conflict
from helpdesk.i18n import gettext as _
from helpdesk.people import brands
from helpdesk.social import accounts, arrivals, health, upkeep
from helpdesk.social.setup.table import SETUPS, get_setup
from helpdesk.web import forms, render, state
from helpdesk.web.agent.settings.channels import frame
from helpdesk.web.agent.settings.channels.entered import Entered, read


def index(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
        found = upkeep.list_accounts(unit, access.brand_ids)
        states = health.list_states(unit, found)
        stuck = arrivals.count_stuck(unit, [one.pk for one in found])
    return render.page(
        request,
        "agent/settings/channels/index.html",
        accounts=found,
        health=states,
        stuck=stuck,
        setups=SETUPS,
        kind_names=NAMES,
        brand_names={one.pk: one.name for one in shops},
    )


def new(request: Request, status: int = 200) -> Response:
    setup = get_setup(request.path_params["kind"])
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        shops = brands.list_brands(unit, access.brand_ids)
    return render.page(
        request,
        "agent/settings/channels/new.html",
        status=status,
        setup=setup,
        kind_name=NAMES[setup.kind],
        form=forms.of(request),
        brands=shops,
    )


def create(request: Request) -> Response:
    form, setup = forms.of(request), get_setup(request.path_params["kind"])
    entered = read(form, setup)
    if form:
        try:
            key = _connect(request, setup.kind, entered)
            notice = _("The account is saved. Now tell the provider where to call.")
            return render.redirect(request, f"{frame.HERE}/{key}", notice=notice)
        except Conflict as error:
            form.errors["address"] = i18n.told(error)
    return new(request, 422)


def _connect(request: Request, kind: str, entered: Entered) -> str:
    parts, form = state.parts(request), forms.of(request)
    with parts.database.write() as unit:
        brand = brands.get_brand(unit, state.access(request), form.value("brand"))
        account = upkeep.connect(
            unit,
            parts.seal,
            brand_id=brand.pk,
            kind=kind,
            address=entered.address,
            name=entered.name,
            config=entered.config,
            given=entered.secrets,
        )
        accounts.place(account, parts.settings)
        health.look_again(unit, account)
        frame.note(request, unit, account, "channel_added", secrets=sorted(entered.secrets))
    return account.key

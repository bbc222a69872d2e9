"""What every page of one account stands on: the account, its brand, its kind, its health, the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.names import NAMES
from helpdesk.channels.social import CHANNELS
from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Brand, ChannelAccount
from helpdesk.people import brands
from helpdesk.social import arrivals, duties, health, upkeep
from helpdesk.social.health import Health
from helpdesk.social.setup.fields import Setup
from helpdesk.social.setup.table import get_setup
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state, trail

HERE = "/settings/channels"
CONNECTION, EVENTS = ("", lazy("Connection")), ("/events", lazy("Events"))
TEMPLATES = ("/templates", lazy("Templates"))


@dataclass(frozen=True, slots=True)
class Opened:
    account: ChannelAccount
    brand: Brand
    setup: Setup
    health: Health
    stuck: int
    refused_at: datetime | None  # a call since the last good one that proved nothing

    @property
    def path(self) -> str:
        return f"{HERE}/{self.account.key}"


def hold(request: Request, unit: Unit) -> ChannelAccount:
    """The account that the address names, to be changed. Raises NotFound."""
    return upkeep.get_account(unit, state.access(request), request.path_params["key"], hold=True)


def find(request: Request, unit: Unit) -> Opened:
    account = upkeep.get_account(unit, state.access(request), request.path_params["key"])
    return Opened(
        account,
        brands.get_by_id(unit, account.brand_id),
        get_setup(account.kind),
        health.state_of(unit, account),
        arrivals.count_stuck(unit, [account.pk]).get(account.pk, 0),
        duties.refused_at(unit, account),
    )


def has_templates(account: ChannelAccount) -> bool:
    return CHANNELS[account.kind].rules.templates


def require_templates(account: ChannelAccount) -> None:
    if not has_templates(account):
        raise NotFound(lazy("this channel knows no templates"))


def note(request: Request, unit: Unit, account: ChannelAccount, event: str, **data: Any) -> None:
    brand_id, called = account.brand_id, f"{account.kind} {account.address}"
    trail.note(request, unit, event, brand_id=brand_id, channel=called, **data)


def page(request: Request, name: str, opened: Opened, status: int = 200, **context: Any) -> Response:
    return render.page(
        request,
        f"agent/settings/channels/{name}.html",
        block="tab",
        status=status,
        opened=opened,
        account=opened.account,
        setup=opened.setup,
        kind_name=NAMES[opened.setup.kind],
        brand=opened.brand,
        health=opened.health,
        here=opened.path,
        tabs=(CONNECTION, EVENTS, TEMPLATES) if has_templates(opened.account) else (CONNECTION, EVENTS),
        form=forms.of(request),
        **context,
    )

"""What every page of one widget stands on: the account, its brand, the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.chat.config import ChatConfig, chat_config
from helpdesk.channels.protocol import Account
from helpdesk.chat import upkeep
from helpdesk.i18n import lazy
from helpdesk.models import Brand, ChannelAccount
from helpdesk.people import brands
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state, trail

HERE = "/settings/widgets"
TABS = (
    ("", lazy("Look and words")),
    ("/talk", lazy("Hours and forms")),
    ("/flows", lazy("Flows")),
    ("/campaigns", lazy("Campaigns")),
    ("/install", lazy("On the page")),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A widget with its settings as the widget itself reads them."""

    account: ChannelAccount
    brand: Brand
    config: ChatConfig

    @property
    def path(self) -> str:
        return f"{HERE}/{self.account.key}"


def find(request: Request, unit: Unit) -> Opened:
    """The widget that the address names. Raises NotFound."""
    account = upkeep.get_account(unit, state.access(request), request.path_params["key"])
    return Opened(account, brands.get_by_id(unit, account.brand_id), read_config(account))


def read_config(account: ChannelAccount) -> ChatConfig:
    """Without its secrets."""
    return chat_config(Account(account.pk, account.kind, account.address, account.name, account.config, {}))


def open_one(request: Request) -> Opened:
    with state.parts(request).database.read() as unit:
        return find(request, unit)


def save(request: Request, what: str, given: dict[str, Any], *, name: str | None = None) -> Opened:
    """Writes a part of the settings down, with who did it; `what` names the part in the audit log."""
    with state.parts(request).database.write() as unit:
        opened = find(request, unit)
        upkeep.change(unit, opened.account, given, name=name)
        note(request, unit, opened, "widget_changed", part=what)
    return opened


def note(request: Request, unit: Unit, opened: Opened, event: str, **data: Any) -> None:
    brand_id = opened.account.brand_id
    trail.note(request, unit, event, brand_id=brand_id, widget=opened.account.name, **data)


def page(request: Request, name: str, opened: Opened, status: int = 200, **context: Any) -> Response:
    return render.page(
        request,
        f"agent/settings/widgets/{name}.html",
        block="tab",
        status=status,
        opened=opened,
        account=opened.account,
        config=opened.config,
        brand=opened.brand,
        here=opened.path,
        tabs=TABS,
        form=forms.of(request),
        **context,
    )

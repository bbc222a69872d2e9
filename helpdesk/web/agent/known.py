"""What a customer is known by, in words: addresses as people read them, fields of a customer as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.customers import naming, shared
from helpdesk.i18n import gettext as _
from helpdesk.inbox import joins
from helpdesk.models import Customer, Identity
from helpdesk.store.db import Unit
from helpdesk.web import render
from helpdesk.web.agent.chips import CHANNELS, LANGUAGES

ICONS = {"shop": "store"}


@dataclass(frozen=True, slots=True)
class Known:
    """`shareable`: several people may write from it."""

    id: int
    icon: str
    shown: str
    verified: bool
    shared: bool
    shareable: bool


def context(unit: Unit, customer: Customer) -> dict[str, Any]:
    """All of a customer's addresses, and whoever was merged into them."""
    return {
        "known": [_known(one, several) for one, several in shared.list_known(unit, customer.pk)],
        "joined": joins.list_below(unit, customer),
    }


def address(identity: Identity) -> str:
    return naming.address(identity.kind, identity.value, identity.shown)


def icon_of(kind: str) -> str:
    return ICONS.get(kind) or CHANNELS.get(kind, ("at-sign", ""))[0]


def value(name: str, given: Any) -> str:
    """A field of a customer."""
    if name == "vip":
        return _("Yes") if given else _("No")
    if name == "language" and given:
        return _(LANGUAGES[given]) if given in LANGUAGES else str(given)
    return str(i18n.person(given) if name == "name" and given else given or "–")


def page(request: Request, template: str, *, block: str = "main", **more: Any) -> Response:
    words: dict[str, Any] = {
        "address": address,
        "value": value,
        "icon_of": icon_of,
        "channels": CHANNELS,
    }
    return render.page(request, template, block=block, **words, **more)


def _known(identity: Identity, several: bool) -> Known:
    return Known(
        identity.pk,
        icon_of(identity.kind),
        address(identity),
        identity.verified,
        several,
        shared.is_shareable(identity),
    )

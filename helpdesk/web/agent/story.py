"""A customer's line of time on the page: what is asked for, and chips that ask for more or less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from helpdesk.commerce import words
from helpdesk.customers import timeline
from helpdesk.customers.timeline import Asked, Entry
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Customer, Identity
from helpdesk.store.db import Unit
from helpdesk.web.agent.inbox import CHANNELS

KINDS = {
    "messages": ("message-square", lazy("Messages")),
    "notes": ("sticky-note", lazy("Notes")),
    "calls": ("phone", lazy("Calls")),
    "tickets": ("inbox", lazy("Tickets")),
    "orders": ("shopping-bag", lazy("Orders")),
    "parcels": ("truck", lazy("Parcels")),
    "refunds": ("wallet", lazy("Returns and refunds")),
    "points": ("star", lazy("Points")),
    "ratings": ("thumbs-up", lazy("Ratings")),
    "visits": ("globe", lazy("Pages visited")),
}
VISITS = ("visits",)
SPOKEN = {"phone": ("phone", "sms")}  # under other names than the identity's


@dataclass(frozen=True, slots=True)
class Chip:
    """`url` is the page with it turned over."""

    name: str
    icon: str
    words: str
    on: bool
    url: str


def asked_of(request: Request) -> Asked:
    """`?only=` and `?channel=`, each as often as wanted; what nobody knows is left out."""
    given = request.query_params
    kinds = [name for name in timeline.KINDS if name in given.getlist("only")]
    return Asked(kinds, [name for name in CHANNELS if name in given.getlist("channel")])


def read(unit: Unit, customer: Customer, request: Request) -> dict[str, Any]:
    """What the entries need."""
    asked = asked_of(request)
    page = timeline.page(unit, customer.pk, before=request.query_params.get("before") or None, asked=asked)
    return {
        "page": page,
        "entries": list(fold(page.entries)),
        "older": _address(customer, asked, before=page.next) if page.next else "",
        "channels": CHANNELS,
        "carrier": words.carrier,
        "reason": words.reason,
    }


def chips(request: Request, customer: Customer, identities: Iterable[Identity]) -> dict[str, Any]:
    """Of channels only those under which the customer is known; of one alone there is nothing to choose."""
    asked = asked_of(request)
    known = {channel for one in identities for channel in SPOKEN.get(one.kind, (one.kind,))}
    ways = [name for name in CHANNELS if name in known or name in asked.channels]
    kinds = [_kind(customer, asked, name) for name in KINDS]
    return {
        "whole": Chip(
            "", "history", _("Everything"), not (asked.kinds or asked.channels), _address(customer, Asked())
        ),
        "kind_chips": kinds,
        "channel_chips": [_channel(customer, asked, name) for name in ways] if len(ways) > 1 else [],
    }


def fold(entries: Sequence[Entry]) -> Iterator[Entry]:
    """What belongs together is one line: pages visited in a row, pictures that were sent as one set."""
    for together, some in groupby(entries, key=_together):
        run = list(some)
        if len(run) > 1 and together == VISITS:
            yield Entry("visits", run[0].at, run[0].id, {"visits": run})
        elif len(run) > 1 and together:
            first = run[-1]
            files = sum(one.data["files"] for one in run)
            yield replace(first, data={**first.data, "files": files})
        else:
            yield from run


def _together(entry: Entry) -> tuple[str, ...]:
    """The same for entries of one line, empty for one that stands alone."""
    if entry.kind == "visit":
        return VISITS
    album = entry.data["content"].get("album") if entry.kind == "message" else None
    name = str(album.get("id") or "") if isinstance(album, dict) else ""
    return (name, entry.data["direction"], entry.data["ticket"]) if name else ()


def _kind(customer: Customer, asked: Asked, name: str) -> Chip:
    icon, said = KINDS[name]
    kinds = _turned(asked.kinds, name, KINDS)
    return Chip(name, icon, _(said), name in asked.kinds, _address(customer, Asked(kinds, asked.channels)))


def _channel(customer: Customer, asked: Asked, name: str) -> Chip:
    icon, said = CHANNELS[name]
    ways = _turned(asked.channels, name, CHANNELS)
    return Chip(name, icon, _(said), name in asked.channels, _address(customer, Asked(asked.kinds, ways)))


def _turned(chosen: Iterable[str], name: str, order: Iterable[str]) -> list[str]:
    wanted = set(chosen) ^ {name}
    return [one for one in order if one in wanted]


def _address(customer: Customer, asked: Asked, **more: str) -> str:
    values = {"only": list(asked.kinds), "channel": list(asked.channels), **more}
    query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
    return f"/customers/{customer.key}" + (f"?{query}" if query else "")

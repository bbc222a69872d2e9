"""Everything on the reports page at once, for the screen, the exports and the command line alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import NotFound
from helpdesk.models import Brand
from helpdesk.reports import labels, period, rising, times, volume
from helpdesk.reports.measures import Scope
from helpdesk.reports.rising import Rising
from helpdesk.reports.times import Time
from helpdesk.reports.volume import Volume
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Shop:
    """A brand one can choose."""

    pk: int
    key: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Overview:
    scope: Scope
    volume: Volume
    times: dict[str, Time]
    rising: Rising
    tags: dict[str, str]  # name -> what people see


def read(unit: Unit, scope: Scope) -> Overview:
    """Four queries: volume, times, rising, and the tags' words."""
    return Overview(
        scope,
        volume.read(unit, scope),
        times.read(unit, scope),
        rising.read(unit, scope),
        labels.read_tags(unit, scope.brand_ids),
    )


def list_shops(unit: Unit, access: Access) -> list[Shop]:
    """The brands the agent may see, by name. One query."""
    found = select(col(Brand.id), col(Brand.key), col(Brand.name), col(Brand.timezone))
    found = found.where(col(Brand.id).in_(access.brand_ids)).order_by(col(Brand.name), col(Brand.id))
    return [Shop(*row) for row in unit.session.execute(found)]


def choose(shops: Sequence[Shop], params: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Scope:
    """`brand` (a key; all when empty) and the days: one brand's own, or the reader's for several."""
    key = params.get("brand", "")
    chosen = [shop for shop in shops if not key or shop.key == key]
    if key and not chosen:
        raise NotFound("there is no such brand, or you may not see it")
    if len({shop.timezone for shop in chosen}) == 1:
        zone = ZoneInfo(chosen[0].timezone)
    return Scope(tuple(shop.pk for shop in chosen), period.parse(params, zone, now))

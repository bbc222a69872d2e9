"""Brands: what customers are told about a shop, and how far agents may go for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from babel.numbers import UnknownCurrencyError, validate_currency
from sqlalchemy import select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import LANGUAGES, lazy
from helpdesk.models import Brand
from helpdesk.people.accounts import tidy_timezone
from helpdesk.store.db import Unit

CHANGEABLE = frozenset(
    {
        "name", "language", "timezone", "currency", "url", "phone", "support_hours", "return_days",
        "free_shipping_from", "ship_cutoff_hour", "signatures", "reopen_days", "points_per_grant",
        "points_agent_day", "points_customer_90d", "same_question", "hide_numbers",
    }
)  # fmt: skip
SAME_QUESTION = (
    "one",
    "linked",
    "off",
)  # asked on several channels: one ticket, linked ones, or as they come


def create_brand(unit: Unit, **values: Any) -> Brand:
    brand = Brand(name="", created_at=unit.now)
    change_brand(unit, brand, **values)
    unit.session.flush()
    return brand


def change_brand(unit: Unit, brand: Brand, **values: Any) -> None:
    """Raises Invalid with the field that cannot be taken."""
    _check(values)
    for name, value in values.items():
        setattr(brand, name, value)
    unit.session.add(brand)


def _check(values: dict[str, Any]) -> None:
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"a brand has no {', '.join(sorted(unknown))}")
    if "name" in values and not values["name"].strip():
        raise Invalid(lazy("the name is missing"), field="name")
    if values.get("language", LANGUAGES[0]) not in LANGUAGES:
        raise Invalid(lazy("this language is not spoken here"), field="language")
    if "timezone" in values:
        tidy_timezone(values["timezone"])
    if "currency" in values:
        try:
            validate_currency(values["currency"])
        except UnknownCurrencyError as error:
            raise Invalid(lazy("this is not a currency code such as JPY or USD"), field="currency") from error
    if values.get("same_question", "one") not in SAME_QUESTION:
        raise Invalid(lazy("choose one ticket, linked tickets, or off"), field="same_question")
    if (values.get("url") or "https://").split("://")[0] not in ("https", "http"):
        raise Invalid(lazy("an address begins with https://"), field="url")


def get_brand(unit: Unit, access: Access, key: str) -> Brand:
    found = unit.session.scalars(select(Brand).where(col(Brand.key) == key)).first()
    if found is None:
        raise NotFound(lazy("there is no such brand"))
    access.require_brand(found.pk)
    return found


def get_by_id(unit: Unit, brand_id: int) -> Brand:
    return unit.session.get_one(Brand, brand_id)


def list_brands(unit: Unit, brand_ids: Iterable[int]) -> list[Brand]:
    return list(
        unit.session.scalars(select(Brand).where(col(Brand.id).in_(list(brand_ids))).order_by(col(Brand.id)))
    )


def choose(listed: Sequence[Brand], key: str | None) -> Brand | None:
    """The one of that key, else the first."""
    return next((one for one in listed if one.key == key), listed[0] if listed else None)


def list_all(unit: Unit) -> list[Brand]:
    return list(unit.session.scalars(select(Brand).order_by(col(Brand.id))))

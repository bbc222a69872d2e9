"""From an address to the one customer behind it; unknown ones are created."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Select, bindparam
from sqlmodel import col

from helpdesk.models import Customer, Identity
from helpdesk.store.db import Unit

EMAIL = "email"


def identify(
    unit: Unit, brand_id: int, kind: str, address: str, *, name: str = "", language: str | None = None
) -> Customer:
    """The customer of that identity; a new one is made when nobody has it. Learns a missing name and the language."""
    customer = _hold(unit, brand_id, kind, address)
    if customer is None:
        customer = _create(unit, brand_id, kind, address, name)
    if name and not customer.name:
        customer.name = clean_name(name)
    if language:
        customer.language = language
    customer.last_seen_at = unit.now
    return customer


def _hold(unit: Unit, brand_id: int, kind: str, address: str) -> Customer | None:
    """Whose the address is, and stays until the unit ends: a merge, or its undoing, that is under way is waited for.

    SQLite's writing unit is alone anyway.
    """
    customer = find_customer(unit, brand_id, kind, address)
    while customer is not None and not unit.sqlite:
        unit.session.flush()
        unit.session.refresh(customer, with_for_update={"key_share": True})
        now = find_customer(unit, brand_id, kind, address)
        if now is customer:
            break
        customer = now
    return customer


def find_customer(unit: Unit, brand_id: int, kind: str, address: str) -> Customer | None:
    known = {"brand": brand_id, "kind": kind, "value": normalise(kind, address)}
    found: Customer | None = unit.session.scalars(_behind(), known).first()
    return found


@cache
def _behind() -> Select[Any]:
    wanted = sqlalchemy.select(Customer).join(Identity, col(Identity.customer_id) == col(Customer.id))
    return wanted.where(
        col(Identity.brand_id) == bindparam("brand"),
        col(Identity.kind) == bindparam("kind"),
        col(Identity.value) == bindparam("value"),
    )


def list_identities(unit: Unit, customer_id: int) -> list[Identity]:
    return list(unit.session.scalars(_known_by(), {"customer": customer_id}))


@cache
def _known_by() -> Select[Any]:
    wanted = sqlalchemy.select(Identity).where(col(Identity.customer_id) == bindparam("customer"))
    return wanted.order_by(col(Identity.id))


def normalise(kind: str, address: str) -> str:
    """What is compared: e-mail in lower case, phone numbers as digits."""
    folded = unicodedata.normalize("NFKC", address).strip()
    if kind == EMAIL:
        return folded.lower()[:320]
    if kind == "phone":
        return re.sub(r"[^\d+]", "", folded)[:320]
    return folded[:320]


def clean_name(name: str) -> str:
    """A name as people write it, without quotes, control characters and a trailing 様."""
    kept = "".join(c for c in unicodedata.normalize("NFC", name) if c.isprintable())
    return re.sub(r"\s+", " ", kept).strip(" \"'").removesuffix("様").strip()[:200]


def _create(unit: Unit, brand_id: int, kind: str, address: str, name: str) -> Customer:
    customer = Customer(brand_id=brand_id, name=clean_name(name), created_at=unit.now)
    unit.session.add(customer)
    unit.session.flush()
    unit.session.add(
        Identity(
            brand_id=brand_id,
            customer_id=customer.pk,
            kind=kind,
            value=normalise(kind, address),
            shown=address[:320],
            created_at=unit.now,
        )
    )
    unit.session.flush()
    return customer

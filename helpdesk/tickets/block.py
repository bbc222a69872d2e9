"""Senders whose messages go straight to spam: kept, findable there, and let through again at any time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Select, and_, bindparam, or_
from sqlmodel import col, select

from helpdesk.customers.identify import EMAIL, normalise
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, BlockedSender
from helpdesk.store.db import Unit

DOMAIN = "domain"
__all__ = [
    "DOMAIN",
    "EMAIL",
    "FREE_MAIL",
    "block",
    "clean",
    "find_block",
    "list_blocked",
    "require_no_free_mail",
    "unblock",
]
FREE_MAIL = frozenset(  # blocking one of these would shut out half of the customers
    (
        "gmail.com", "googlemail.com", "yahoo.co.jp", "yahoo.com", "ymail.ne.jp", "outlook.com", "outlook.jp",
        "hotmail.com", "hotmail.co.jp", "live.com", "live.jp", "msn.com", "icloud.com", "me.com", "mac.com", "aol.com",
        "aol.jp", "excite.co.jp", "goo.jp", "nifty.com", "biglobe.ne.jp", "ocn.ne.jp", "so-net.ne.jp", "docomo.ne.jp",
        "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp", "rakuten.jp", "gmx.de", "gmx.net",
        "web.de", "proton.me", "protonmail.com", "mail.com", "zoho.com", "qq.com", "163.com", "naver.com",
    )
)  # fmt: skip
_DOMAIN = re.compile(r"[^\s@.]+(\.[^\s@.]+)+")


def block(unit: Unit, brand_id: int, kind: str, value: str, *, by: Agent | None) -> BlockedSender:
    """`kind` is that of an identity, or `domain`. The same twice is one. Raises Invalid for what is no address."""
    value = clean(kind, value)
    found = _find(unit, brand_id, kind, value)
    if found is not None:
        return found
    row = BlockedSender(
        brand_id=brand_id, kind=kind, value=value, agent_id=by.pk if by else None, created_at=unit.now
    )
    unit.session.add(row)
    unit.session.flush()
    unit.tell("sender_blocked", brand_id)
    return row


def unblock(unit: Unit, row: BlockedSender) -> None:
    """What comes from now on is let in; what lies in spam stays there until somebody takes it out."""
    unit.session.delete(row)
    unit.session.flush()
    unit.tell("sender_unblocked", row.brand_id)


def find_block(unit: Unit, brand_id: int, kind: str, addresses: Iterable[str]) -> BlockedSender | None:
    """The entry that shuts out one of these addresses, by itself or by its domain."""
    values = [normalise(kind, one) for one in addresses if one]
    if not values:
        return None
    domains = [one for value in values for one in _domains(value)] if kind == EMAIL else []
    asked = {"brand": brand_id, "kind": kind, "values": values, "domains": sorted(set(domains))}
    found: BlockedSender | None = unit.session.scalars(_shutting_out(), asked).first()
    return found


@cache
def _shutting_out() -> Select[Any]:
    kind, value = col(BlockedSender.kind), col(BlockedSender.value)
    itself = and_(kind == bindparam("kind"), value.in_(bindparam("values", expanding=True)))
    domain = and_(kind == DOMAIN, value.in_(bindparam("domains", expanding=True)))
    return sqlalchemy.select(BlockedSender).where(
        col(BlockedSender.brand_id) == bindparam("brand"), or_(itself, domain)
    )


def list_blocked(unit: Unit, brand_ids: Iterable[int]) -> list[tuple[BlockedSender, str]]:
    """Newest first, each with the name of the agent who blocked it."""
    wanted = (
        select(BlockedSender, Agent.name)
        .outerjoin(Agent, col(Agent.id) == col(BlockedSender.agent_id))
        .where(col(BlockedSender.brand_id).in_(list(brand_ids)))
        .order_by(col(BlockedSender.id).desc())
    )
    return [(row, name or "") for row, name in unit.session.exec(wanted)]


def clean(kind: str, value: str) -> str:
    """As it is compared."""
    if kind != DOMAIN:
        value = normalise(kind, value)
        if not value or (kind == EMAIL and "@" not in value):
            raise Invalid("this is no address; write it as name@shop.example", field="value")
        return value
    value = normalise(EMAIL, value).rpartition("@")[2].strip(".")
    if not _DOMAIN.fullmatch(value):
        raise Invalid("this is no domain; write it as shop.example", field="value")
    return value


def require_no_free_mail(kind: str, value: str, *, sure: bool) -> None:
    """Raises Conflict for a provider that everybody uses, unless the agent is sure."""
    if kind == DOMAIN and not sure and clean(kind, value) in FREE_MAIL:
        raise Conflict(
            "everybody can have an address at %(domain)s: blocking it shuts out many customers. "
            "Block the one address instead",
            domain=clean(kind, value),
        )


def _find(unit: Unit, brand_id: int, kind: str, value: str) -> BlockedSender | None:
    return unit.session.exec(
        select(BlockedSender).where(
            BlockedSender.brand_id == brand_id, BlockedSender.kind == kind, BlockedSender.value == value
        )
    ).first()


def _domains(address: str) -> list[str]:
    """shop.example for name@mail.shop.example too: a domain stands for all below it."""
    parts = address.rpartition("@")[2].split(".")
    return [".".join(parts[place:]) for place in range(max(1, len(parts) - 1))]

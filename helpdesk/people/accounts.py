"""Agents' accounts: made, changed, switched off. Passwords come in hashed: that is slow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, func, select
from sqlmodel import col

from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.i18n import LANGUAGES, lazy
from helpdesk.models import Agent, AgentBrand, Brand, Role
from helpdesk.people import roles, sign_in
from helpdesk.store.db import Unit

THEMES = ("system", "light", "dark")


def create_agent(
    unit: Unit,
    *,
    email: str,
    name: str,
    role: str = Role.AGENT,
    password_hash: str | None = None,
    language: str = "ja",
    timezone: str = "Asia/Tokyo",
    brand_ids: Iterable[int] | None = None,
) -> Agent:
    """A new agent; without `brand_ids` one that may see every brand there is now."""
    address = tidy_email(email)
    if find_by_email(unit, address) is not None:
        raise Conflict(lazy("there is an account for this address already; change that one"), address=address)
    if not name.strip():
        raise Invalid(lazy("the name is missing"), field="name")
    agent = Agent(
        email=address,
        name=name.strip()[:120],
        role=tidy_role(unit, role),
        password_hash=password_hash,
        language=language,
        timezone=timezone,
        created_at=unit.now,
    )
    unit.session.add(agent)
    unit.session.flush()
    set_brands(unit, agent, _all_brands(unit) if brand_ids is None else brand_ids)
    return agent


def change_agent(
    unit: Unit, agent: Agent, *, name: str, role: str, active: bool, brand_ids: Iterable[int]
) -> None:
    """What an administrator decides about somebody. The last administrator stays one."""
    role = tidy_role(unit, role)
    leaves = agent.role == Role.ADMIN and agent.active and not (role == Role.ADMIN and active)
    if leaves and count_admins(unit) < 2:
        raise Conflict(lazy("this is the only administrator; make somebody else one first"))
    agent.name, agent.role, agent.active = name.strip()[:120], role, active
    unit.session.add(agent)
    set_brands(unit, agent, brand_ids)
    if not active:
        sign_in.end_others(unit, agent.pk, keep=None)


def change_profile(
    unit: Unit,
    agent: Agent,
    *,
    name: str,
    language: str,
    timezone: str,
    theme: str,
    signature: str,
    preferences: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """What everybody decides about themselves; other preferences than those given stay."""
    if not name.strip():
        raise Invalid(lazy("the name is missing"), field="name")
    if language not in LANGUAGES:
        raise Invalid(lazy("this language is not spoken here"), field="language")
    agent.name, agent.language, agent.signature = name.strip()[:120], language, signature
    agent.timezone = tidy_timezone(timezone)
    agent.theme = theme if theme in THEMES else THEMES[0]
    agent.preferences = {**agent.preferences, **preferences}
    unit.session.add(agent)


def set_password(unit: Unit, agent: Agent, password_hash: str, *, keep: str | None = None) -> None:
    """The new password; other browsers than the one with the token `keep` are signed out."""
    agent.password_hash = password_hash
    unit.session.add(agent)
    sign_in.end_others(unit, agent.pk, keep=keep)


def set_brands(unit: Unit, agent: Agent, brand_ids: Iterable[int]) -> None:
    unit.session.execute(delete(AgentBrand).where(col(AgentBrand.agent_id) == agent.pk))
    unit.session.add_all(AgentBrand(agent_id=agent.pk, brand_id=pk) for pk in sorted(set(brand_ids)))


def get_agent(unit: Unit, key: str) -> Agent:
    found = unit.session.scalars(select(Agent).where(col(Agent.key) == key)).first()
    if found is None:
        raise NotFound(lazy("there is no such agent"))
    return found


def get_by_id(unit: Unit, agent_id: int) -> Agent:
    found = unit.session.get(Agent, agent_id)
    if found is None:
        raise NotFound(lazy("there is no such agent"))
    return found


def find_by_email(unit: Unit, email: str) -> Agent | None:
    return unit.session.scalars(select(Agent).where(col(Agent.email) == email.strip().lower())).first()


def list_agents(unit: Unit) -> list[Agent]:
    """Everybody, those at work first."""
    return list(
        unit.session.scalars(select(Agent).order_by(col(Agent.active).desc(), col(Agent.name), col(Agent.id)))
    )


def list_brand_ids(unit: Unit) -> dict[int, list[int]]:
    """Agent id -> ids of the brands given to them."""
    found: dict[int, list[int]] = {}
    for row in unit.session.scalars(select(AgentBrand).order_by(col(AgentBrand.brand_id))):
        found.setdefault(row.agent_id, []).append(row.brand_id)
    return found


def count_agents(unit: Unit) -> int:
    return unit.session.scalar(select(func.count()).select_from(Agent)) or 0


def count_admins(unit: Unit) -> int:
    query = select(func.count()).select_from(Agent).where(col(Agent.role) == Role.ADMIN, col(Agent.active))
    return unit.session.scalar(query) or 0


def tidy_email(email: str) -> str:
    """In lower case; raises Invalid for what cannot be an address."""
    address = email.strip().lower()
    name, _, host = address.rpartition("@")
    if not name or not host or parseaddr(address)[1] != address or len(address) > 254 or " " in address:
        raise Invalid(lazy("this is not an e-mail address"), field="email")
    return address


def tidy_role(unit: Unit, role: str) -> str:
    if role not in roles.names(unit):
        raise Invalid(lazy("the role is admin, lead, agent or one of your own"), field="role")
    return role


def tidy_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(lazy("there is no such time zone"), field="timezone") from error
    return name


def _all_brands(unit: Unit) -> list[int]:
    return [pk for pk in unit.session.scalars(select(col(Brand.id))) if pk is not None]

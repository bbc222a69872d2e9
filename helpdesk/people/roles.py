"""Roles beside the built-in agent, lead and admin: a name and a set of rights."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import col

from helpdesk.access import RIGHTS
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, CustomRole, Role
from helpdesk.store.db import Unit

BUILT_IN = {
    Role.AGENT.value: lazy("Agent"),
    Role.LEAD.value: lazy("Lead"),
    Role.ADMIN.value: lazy("Administrator"),
}


def list_roles(unit: Unit) -> list[CustomRole]:
    return list(unit.session.scalars(select(CustomRole).order_by(col(CustomRole.name))))


def names(unit: Unit) -> dict[str, str]:
    """Role -> what people call it: the built-in ones first. Built-in names are still to be translated."""
    return {**BUILT_IN, **{role.key: role.name for role in list_roles(unit)}}


def get_role(unit: Unit, key: str) -> CustomRole:
    found = unit.session.scalars(select(CustomRole).where(col(CustomRole.key) == key)).first()
    if found is None:
        raise NotFound(lazy("there is no such role"))
    return found


def create(unit: Unit, *, name: str, rights: Collection[str]) -> CustomRole:
    role = CustomRole(name="", created_at=unit.now)
    change(unit, role, name=name, rights=rights)
    unit.session.flush()
    return role


def change(unit: Unit, role: CustomRole, *, name: str, rights: Collection[str]) -> None:
    """Takes effect with each agent's next click. Raises Invalid or Conflict."""
    name = " ".join(name.split())[:60]
    if not name:
        raise Invalid(lazy("the name is missing"), field="name")
    if set(rights) - set(RIGHTS):
        raise Invalid(lazy("there is no such right; reload the page"), field="rights")
    same = select(col(CustomRole.id)).where(func.lower(CustomRole.name) == name.lower())
    if any(pk != role.id for pk in unit.session.scalars(same)):
        raise Conflict(lazy("there is a role of this name already"))
    role.name, role.rights = name, [right for right in RIGHTS if right in rights]
    unit.session.add(role)


def delete(unit: Unit, role: CustomRole) -> None:
    """Refused while somebody has it, so that nobody loses or gains rights unseen."""
    holders = unit.session.scalar(select(func.count()).select_from(Agent).where(col(Agent.role) == role.key))
    if holders:
        raise Conflict(lazy("give those who have this role another one first"))
    unit.session.delete(role)

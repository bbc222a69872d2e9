"""The one-time link by which the first administrator of a fresh database makes the account."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlmodel import col

from helpdesk.errors import Conflict, Forbidden
from helpdesk.i18n import lazy
from helpdesk.models import Agent, SetupLink
from helpdesk.people import accounts
from helpdesk.store.db import Unit

VALID = timedelta(hours=24)
STALE = lazy("this link has been used or is too old; start the helpdesk again and it prints a new one")


def renew(unit: Unit) -> str | None:
    """A fresh token, older ones die; None once there are agents."""
    if accounts.count_agents(unit):
        return None
    token = secrets.token_urlsafe(24)
    unit.session.execute(delete(SetupLink))
    unit.session.add(SetupLink(token_hash=_hash(token), created_at=unit.now, expires_at=unit.now + VALID))
    return token


def check(unit: Unit, token: str) -> None:
    """Raises Forbidden unless the link may still be used."""
    query = select(SetupLink).where(
        col(SetupLink.token_hash) == _hash(token),
        col(SetupLink.used_at).is_(None),
        col(SetupLink.expires_at) > unit.now,
    )
    if not token or unit.session.scalars(query).first() is None or accounts.count_agents(unit):
        raise Forbidden(STALE)


def use(unit: Unit, token: str, *, email: str, name: str, password_hash: str, language: str) -> Agent:
    """The first administrator; of two who press at once only one gets it."""
    check(unit, token)
    taken = (
        update(SetupLink)
        .where(col(SetupLink.token_hash) == _hash(token), col(SetupLink.used_at).is_(None))
        .values(used_at=unit.now)
        .returning(col(SetupLink.id))
    )
    if unit.session.scalar(taken) is None:
        raise Conflict(STALE)
    return accounts.create_agent(
        unit, email=email, name=name, role="admin", password_hash=password_hash, language=language
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

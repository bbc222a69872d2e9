"""Signed-in browsers: a random token in the cookie, its SHA-256 here, ended by time or by hand."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.models import Agent, AgentBrand, Brand, Role, SignIn
from helpdesk.store.db import Unit

RENEW_AFTER = timedelta(minutes=10)  # so that not every page writes


@dataclass(frozen=True, slots=True)
class SignedIn:
    agent: Agent
    access: Access
    sign_in: SignIn
    due: bool  # whether `renew` should be called


def start(unit: Unit, agent: Agent, *, user_agent: str, days: int) -> str:
    """The token for the cookie; it is shown here once."""
    token = secrets.token_urlsafe(32)
    unit.session.execute(delete(SignIn).where(col(SignIn.expires_at) < unit.now))
    unit.session.add(
        SignIn(
            token_hash=_hash(token),
            agent_id=agent.pk,
            created_at=unit.now,
            last_seen_at=unit.now,
            expires_at=unit.now + timedelta(days=days),
            user_agent=user_agent[:300],
        )
    )
    return token


def find(unit: Unit, token: str) -> SignedIn | None:
    """Who holds this token, unless it ended or the account was switched off."""
    query = (
        select(SignIn, Agent)
        .join(Agent, col(Agent.id) == SignIn.agent_id)
        .where(col(SignIn.token_hash) == _hash(token), col(SignIn.expires_at) > unit.now, col(Agent.active))
    )
    found = unit.session.execute(query).first()
    if found is None:
        return None
    sign_in, agent = found
    return SignedIn(agent, access_of(unit, agent), sign_in, unit.now - sign_in.last_seen_at > RENEW_AFTER)


def access_of(unit: Unit, agent: Agent) -> Access:
    """Administrators reach every brand, others those they were given."""
    query = select(col(Brand.id)).order_by(col(Brand.id))
    if agent.role != Role.ADMIN:
        query = query.join(AgentBrand, col(AgentBrand.brand_id) == Brand.id).where(
            col(AgentBrand.agent_id) == agent.pk
        )
    return Access(agent.pk, agent.role, tuple(pk for pk in unit.session.scalars(query) if pk is not None))


def renew(unit: Unit, token: str, *, days: int) -> None:
    """An agent at work stays signed in."""
    sign_in = unit.session.scalars(select(SignIn).where(col(SignIn.token_hash) == _hash(token))).first()
    if sign_in is None:
        return
    sign_in.last_seen_at = unit.now
    sign_in.expires_at = unit.now + timedelta(days=days)
    unit.session.execute(update(Agent).where(col(Agent.id) == sign_in.agent_id).values(last_seen_at=unit.now))


def list_sign_ins(unit: Unit, agent_id: int) -> list[SignIn]:
    """Newest activity first."""
    query = (
        select(SignIn)
        .where(col(SignIn.agent_id) == agent_id, col(SignIn.expires_at) > unit.now)
        .order_by(col(SignIn.last_seen_at).desc())
    )
    return list(unit.session.scalars(query))


def end(unit: Unit, token: str) -> None:
    unit.session.execute(delete(SignIn).where(col(SignIn.token_hash) == _hash(token)))


def end_others(unit: Unit, agent_id: int, *, keep: str | None) -> None:
    """Sign out everywhere, except in the browser that holds the token `keep`."""
    gone = delete(SignIn).where(col(SignIn.agent_id) == agent_id)
    unit.session.execute(gone.where(col(SignIn.token_hash) != _hash(keep)) if keep else gone)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Signed-in browsers: a random token in the cookie, its SHA-256 here, ended by time or by hand."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, String, bindparam, cast, delete, func, or_, select, update
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from helpdesk.access import Access
from helpdesk.models import Agent, AgentBrand, Brand, CustomRole, Role, SignIn
from helpdesk.store.db import Unit

RENEW_AFTER = timedelta(minutes=10)  # so that not every page writes


@dataclass(frozen=True, slots=True)
class SignedIn:
    agent: Agent
    access: Access
    sign_in_id: int
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
    _seen(unit, agent.pk)
    return token


def find(unit: Unit, token: str) -> SignedIn | None:
    """Who holds this token, unless it ended or the account was switched off."""
    found = unit.session.execute(_holder(), {"token": _hash(token), "now": unit.now}).first()
    if found is None:
        return None
    sign_in_id, last_seen_at, agent, brands, rights = found
    reach = tuple(sorted(int(pk) for pk in (brands or "").split(",") if pk))
    access = Access(agent.pk, agent.role, reach, frozenset(rights or ()))
    return SignedIn(agent, access, sign_in_id, unit.now - last_seen_at > RENEW_AFTER)


@cache
def _holder() -> Any:
    """Every request asks this: it is put together once."""
    return (
        select(
            *(col(SignIn.id), col(SignIn.last_seen_at), Agent),
            *(_brands().label("brands"), col(CustomRole.rights)),
        )
        .select_from(SignIn)
        .join(Agent, col(Agent.id) == SignIn.agent_id)
        .outerjoin(CustomRole, col(CustomRole.key) == col(Agent.role))
        .where(
            col(SignIn.token_hash) == bindparam("token"),
            col(SignIn.expires_at) > bindparam("now", type_=UTCDateTime()),
            col(Agent.active),
        )
    )


@dataclass(frozen=True, slots=True)
class Alive:
    """A sign-in that still holds; `access` if it was asked for."""

    access: Access | None


def list_alive(unit: Unit, tokens: Iterable[str], *, reach: bool) -> dict[str, Alive]:
    """Those of many tokens that `find` would find, at the price of one query; `reach` reads access anew."""
    hashes = {_hash(token): token for token in tokens}
    query = (
        select(col(SignIn.token_hash), Agent)
        .join(Agent, col(Agent.id) == SignIn.agent_id)
        .where(col(SignIn.token_hash).in_(hashes), col(SignIn.expires_at) > unit.now, col(Agent.active))
    )
    rows = unit.session.execute(query).all()
    access = (
        {agent.pk: access_of(unit, agent) for agent in {row[1].pk: row[1] for row in rows}.values()}
        if reach
        else {}
    )
    return {hashes[token_hash]: Alive(access.get(agent.pk)) for token_hash, agent in rows}


def _brands() -> ScalarSelect[str]:
    """What `access_of` finds, as one column of a query over agents: `1,2,5`."""
    given = select(col(AgentBrand.brand_id)).where(col(AgentBrand.agent_id) == col(Agent.id)).correlate(Agent)
    return (
        select(func.aggregate_strings(cast(col(Brand.id), String), ","))
        .where(or_(col(Agent.role) == Role.ADMIN, col(Brand.id).in_(given)))
        .correlate(Agent)
        .scalar_subquery()
    )


def access_of(unit: Unit, agent: Agent) -> Access:
    """Administrators reach every brand, others those they were given."""
    query = select(col(Brand.id)).order_by(col(Brand.id))
    if agent.role != Role.ADMIN:
        query = query.join(AgentBrand, col(AgentBrand.brand_id) == Brand.id).where(
            col(AgentBrand.agent_id) == agent.pk
        )
    reach = tuple(pk for pk in unit.session.scalars(query) if pk is not None)
    rights = unit.session.scalar(select(col(CustomRole.rights)).where(col(CustomRole.key) == agent.role))
    return Access(agent.pk, agent.role, reach, frozenset(rights or ()))


def renew(unit: Unit, token: str, *, days: int) -> None:
    """An agent at work stays signed in."""
    sign_in = unit.session.scalars(select(SignIn).where(col(SignIn.token_hash) == _hash(token))).first()
    if sign_in is None:
        return
    sign_in.last_seen_at = unit.now
    sign_in.expires_at = unit.now + timedelta(days=days)
    _seen(unit, sign_in.agent_id)


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


def _seen(unit: Unit, agent_id: int) -> None:
    unit.session.execute(update(Agent).where(col(Agent.id) == agent_id).values(last_seen_at=unit.now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

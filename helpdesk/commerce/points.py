"""The points ledger: only ever added to, once per idempotency key, within the brand's limits.

Limits are checked under a lock on the customer's and the agent's row, so that grants made at the same moment
cannot break them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from helpdesk.access import BUILT_IN
from helpdesk.errors import Conflict, Forbidden, Invalid, LimitExceeded
from helpdesk.models import Agent, Brand, Customer, CustomRole, Event, PointsEntry, PointsRequest, Ticket
from helpdesk.store.db import Unit

APOLOGY = "apology"
WINDOW = timedelta(days=90)
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of each limit is used; points."""

    per_grant: int
    agent_day: int
    agent_limit: int
    customer_90d: int
    customer_limit: int
    grants_90d: int


def grant(
    unit: Unit,
    *,
    brand: Brand,
    customer: Customer,
    ticket: Ticket,
    agent: Agent,
    amount: int,
    reason: str,
    idempotency_key: str,
    approved_by: Agent | None = None,
) -> PointsEntry:
    """Write an apology to the ledger. The same key again returns the first entry and changes nothing.

    Raises LimitExceeded (`limit`, `allowed`, `used`) unless a lead approved it.
    """
    _check(amount, customer, ticket, idempotency_key)
    _lock(unit, customer, agent)
    if existing := _find_entry(unit, brand, idempotency_key):
        if (existing.customer_id, existing.amount) != (customer.pk, amount):
            raise Conflict("this form was used for another grant already; reload the page")
        return existing
    if approved_by is None:
        _within_limits(usage(unit, brand=brand, customer=customer, agent=agent), amount)
    entry = PointsEntry(
        brand_id=brand.pk,
        customer_id=customer.pk,
        amount=amount,
        kind=APOLOGY,
        reason=reason,
        idempotency_key=idempotency_key,
        ticket_id=ticket.pk,
        order_id=ticket.order_id,
        agent_id=agent.pk,
        approved_by_id=approved_by.pk if approved_by else None,
        created_at=unit.now,
    )
    unit.session.add(entry)
    customer.points += amount
    _log(unit, ticket, "points_granted", agent, to=customer.pk, amount=amount, reason=reason)
    unit.session.flush()
    unit.tell("points_granted", brand.pk, ticket=ticket.pk, customer=customer.pk)
    return entry


def request_approval(
    unit: Unit, *, ticket: Ticket, agent: Agent, amount: int, reason: str, limit: str, idempotency_key: str
) -> PointsRequest:
    """Ask a lead for a grant above a limit; the same key again returns the first request."""
    existing = unit.session.exec(
        select(PointsRequest).where(
            PointsRequest.brand_id == ticket.brand_id, PointsRequest.idempotency_key == idempotency_key
        )
    ).first()
    if existing:
        return existing
    request = PointsRequest(
        brand_id=ticket.brand_id,
        customer_id=ticket.customer_id,
        ticket_id=ticket.pk,
        agent_id=agent.pk,
        amount=amount,
        reason=reason,
        limit=limit,
        idempotency_key=idempotency_key,
        created_at=unit.now,
    )
    unit.session.add(request)
    _log(unit, ticket, "points_requested", agent, amount=amount, limit=limit)
    unit.session.flush()
    unit.tell("points_requested", ticket.brand_id, ticket=ticket.pk)
    return request


def decide(unit: Unit, request: PointsRequest, *, by: Agent, approve: bool) -> PointsEntry | None:
    """A lead's answer. Raises Forbidden for one's own request, Conflict when it was answered before."""
    if not _may_approve(unit, by):
        raise Forbidden("your role does not allow to approve points above a limit; ask a lead")
    if by.pk == request.agent_id and by.role != "admin":
        raise Forbidden("another lead has to approve your own request")
    unit.session.refresh(request, with_for_update=True)
    if request.state != "waiting":
        raise Conflict("this request was answered before; reload the page")
    request.state, request.decided_by_id, request.decided_at = (
        "approved" if approve else "refused",
        by.pk,
        unit.now,
    )
    ticket = unit.session.get_one(Ticket, request.ticket_id)
    if not approve:
        _log(unit, ticket, "points_refused", by, amount=request.amount)
        unit.tell("points_refused", ticket.brand_id, ticket=ticket.pk)
        return None
    return grant(
        unit,
        brand=unit.session.get_one(Brand, request.brand_id),
        customer=unit.session.get_one(Customer, request.customer_id),
        ticket=ticket,
        agent=unit.session.get_one(Agent, request.agent_id),
        amount=request.amount,
        reason=request.reason,
        idempotency_key=f"request:{request.key}",
        approved_by=by,
    )


def _may_approve(unit: Unit, by: Agent) -> bool:
    """Looked up here, because the one who decides is not always the one who is signed in."""
    own = select(CustomRole.rights).where(CustomRole.key == by.role)
    return "approve_points" in BUILT_IN.get(by.role, unit.session.exec(own).first() or ())


def usage(unit: Unit, *, brand: Brand, customer: Customer, agent: Agent) -> Usage:
    """What was granted as apology: by this agent today (the brand's day), to this customer in 90 days."""
    by_agent = _sum(unit, brand, PointsEntry.agent_id == agent.pk, since=_day_start(brand, unit.now))
    to_customer = _sum(unit, brand, PointsEntry.customer_id == customer.pk, since=unit.now - WINDOW)
    return Usage(
        per_grant=brand.points_per_grant,
        agent_day=by_agent[0],
        agent_limit=brand.points_agent_day,
        customer_90d=to_customer[0],
        customer_limit=brand.points_customer_90d,
        grants_90d=to_customer[1],
    )


def check_limits(unit: Unit, *, brand: Brand, customer: Customer, agent: Agent, amount: int) -> None:
    """Raises LimitExceeded where `grant` would; writes nothing."""
    _within_limits(usage(unit, brand=brand, customer=customer, agent=agent), amount)


def record(
    unit: Unit,
    *,
    customer: Customer,
    amount: int,
    kind: str,
    reason: str,
    idempotency_key: str,
    at: datetime,
    order_id: int | None = None,
) -> PointsEntry:
    """A line that the shop itself made: earned with an order, redeemed, expired."""
    entry = PointsEntry(
        brand_id=customer.brand_id,
        customer_id=customer.pk,
        amount=amount,
        kind=kind,
        reason=reason,
        idempotency_key=idempotency_key,
        order_id=order_id,
        created_at=at,
    )
    unit.session.add(entry)
    customer.points += amount
    return entry


def _check(amount: int, customer: Customer, ticket: Ticket, idempotency_key: str) -> None:
    if not 0 < amount <= MOST:
        raise Invalid("give a number of points above 0", field="amount")
    if not idempotency_key:
        raise Invalid("this form is too old; reload the page", field="token")
    if ticket.brand_id != customer.brand_id:  # after a merge a ticket holds answers to several customers
        raise Invalid("the ticket belongs to another customer; reload the page", field="ticket")


def _within_limits(used: Usage, amount: int) -> None:
    limits = (
        ("per_grant", used.per_grant, 0),
        ("agent_day", used.agent_limit, used.agent_day),
        ("customer_90d", used.customer_limit, used.customer_90d),
    )
    for limit, allowed, already in limits:
        if already + amount > allowed:
            raise LimitExceeded(
                "%(amount)s points are above a limit of %(allowed)s (%(used)s used so far); a lead may approve them",
                amount=amount,
                limit=limit,
                allowed=allowed,
                used=already,
            )


def _lock(unit: Unit, customer: Customer, agent: Agent) -> None:
    """SQLite's writing unit is alone anyway; PostgreSQL locks both rows, always in this order."""
    unit.session.flush()
    unit.session.refresh(agent, with_for_update=True)
    unit.session.refresh(customer, with_for_update=True)


def _find_entry(unit: Unit, brand: Brand, idempotency_key: str) -> PointsEntry | None:
    return unit.session.exec(
        select(PointsEntry).where(
            PointsEntry.brand_id == brand.id, PointsEntry.idempotency_key == idempotency_key
        )
    ).first()


def _sum(unit: Unit, brand: Brand, whose: object, *, since: datetime) -> tuple[int, int]:
    statement = select(func.coalesce(func.sum(col(PointsEntry.amount)), 0), func.count()).where(
        whose,  # type: ignore[arg-type]
        PointsEntry.brand_id == brand.pk,
        PointsEntry.kind == APOLOGY,
        PointsEntry.created_at >= since,
    )
    total, count = unit.session.exec(statement).one()
    return int(total), int(count)


def _day_start(brand: Brand, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(brand.timezone))
    return datetime.combine(local.date(), time(), ZoneInfo(brand.timezone))


def _log(
    unit: Unit, ticket: Ticket, name: str, agent: Agent, *, to: int | None = None, **data: object
) -> None:
    unit.session.add(
        Event(
            brand_id=ticket.brand_id,
            ticket_id=ticket.pk,
            customer_id=to or ticket.customer_id,
            agent_id=agent.pk,
            name=name,
            data=data,
            created_at=unit.now,
        )
    )

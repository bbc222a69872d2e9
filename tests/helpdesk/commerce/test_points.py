from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpdesk.commerce import points
from helpdesk.errors import Conflict, Forbidden, Invalid, LimitExceeded
from helpdesk.models import Agent, Brand, Customer, PointsEntry, PointsRequest, Ticket
from helpdesk.people import roles
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.stories import only, rows

Grant = Callable[..., PointsEntry]


@pytest.fixture
def grant(database: Database, ticket: Ticket, agent: Agent) -> Grant:
    def grant(amount: int, key: str, *, by: Agent = agent, approved_by: Agent | None = None) -> PointsEntry:
        with database.write() as unit:
            row = unit.session.get_one(Ticket, ticket.pk)
            return points.grant(
                unit,
                brand=unit.session.get_one(Brand, row.brand_id),
                customer=unit.session.get_one(Customer, row.customer_id),
                ticket=row,
                agent=unit.session.get_one(Agent, by.pk),
                amount=amount,
                reason="late_delivery",
                idempotency_key=key,
                approved_by=unit.session.get_one(Agent, approved_by.pk) if approved_by else None,
            )

    return grant


def test_a_grant_is_a_line_and_a_balance(database: Database, grant: Grant) -> None:
    grant(500, "a")
    assert only(database, PointsEntry).amount == only(database, Customer).points == 500


def test_the_same_key_grants_once(database: Database, grant: Grant) -> None:
    assert grant(500, "a").id == grant(500, "a").id
    assert only(database, Customer).points == 500


def test_a_key_that_granted_something_else_is_a_conflict(grant: Grant) -> None:
    grant(500, "a")
    with pytest.raises(Conflict):
        grant(400, "a")
    with pytest.raises(Invalid):
        grant(400, "")


@pytest.mark.parametrize("amount", [0, -5, 10**9])
def test_a_senseless_amount_is_refused(grant: Grant, amount: int) -> None:
    with pytest.raises(Invalid):
        grant(amount, "a")


def test_each_limit_names_itself(database: Database, grant: Grant, make_agent: Callable[..., Agent]) -> None:
    with pytest.raises(LimitExceeded) as error:
        grant(1001, "big")
    assert error.value.data == {"limit": "per_grant", "allowed": 1000, "used": 0, "amount": 1001}
    grant(1000, "a")
    grant(1000, "b")
    with pytest.raises(LimitExceeded) as error:
        grant(1, "c")
    assert error.value.data == {"limit": "customer_90d", "allowed": 2000, "used": 2000, "amount": 1}
    with database.write() as unit:
        unit.session.get_one(Brand, only(database, Ticket).brand_id).points_agent_day = 2000
    with pytest.raises(LimitExceeded) as error:
        grant(1, "d")
    assert error.value.data["limit"] == "agent_day"
    with pytest.raises(LimitExceeded) as error:
        grant(1, "e", by=make_agent("Somebody Else"))
    assert error.value.data["limit"] == "customer_90d"


def test_limits_come_back_with_time(grant: Grant, clock: StandingClock) -> None:
    grant(1000, "a")
    grant(1000, "b")
    clock.advance(days=90, seconds=1)
    assert grant(1000, "c").amount == 1000


def test_concurrent_grants_never_break_a_limit(database: Database, grant: Grant) -> None:
    def one(number: int) -> bool:
        try:
            grant(300, f"key {number}")
        except LimitExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(one, range(24)))
    assert granted == 6  # 6 x 300 of 2000
    assert (
        only(database, Customer).points == sum(entry.amount for entry in rows(database, PointsEntry)) == 1800
    )


def test_a_lead_approves_what_is_above_a_limit(
    database: Database, ticket: Ticket, agent: Agent, lead: Agent
) -> None:
    request = ask(database, ticket, agent, 3000)
    with database.write() as unit, pytest.raises(Forbidden):
        points.decide(unit, unit.session.get_one(PointsRequest, request.pk), by=agent, approve=True)
    with database.write() as unit:
        points.decide(
            unit,
            unit.session.get_one(PointsRequest, request.pk),
            by=unit.session.get_one(Agent, lead.pk),
            approve=True,
        )
    entry = only(database, PointsEntry)
    assert (entry.amount, entry.agent_id, entry.approved_by_id) == (3000, agent.pk, lead.pk)
    with database.write() as unit, pytest.raises(Conflict):
        points.decide(unit, unit.session.get_one(PointsRequest, request.pk), by=lead, approve=True)


def test_a_refusal_grants_nothing(database: Database, ticket: Ticket, agent: Agent, lead: Agent) -> None:
    request = ask(database, ticket, agent, 3000)
    with database.write() as unit:
        points.decide(unit, unit.session.get_one(PointsRequest, request.pk), by=lead, approve=False)
    assert rows(database, PointsEntry) == []
    assert only(database, PointsRequest).state == "refused"


def test_nobody_approves_their_own_request(database: Database, ticket: Ticket, lead: Agent) -> None:
    request = ask(database, ticket, lead, 3000)
    with database.write() as unit, pytest.raises(Forbidden):
        points.decide(unit, unit.session.get_one(PointsRequest, request.pk), by=lead, approve=True)


def ask(database: Database, ticket: Ticket, agent: Agent, amount: int) -> PointsRequest:
    with database.write() as unit:
        return points.request_approval(
            unit,
            ticket=unit.session.get_one(Ticket, ticket.pk),
            agent=agent,
            amount=amount,
            reason="damaged",
            limit="per_grant",
            idempotency_key="ask",
        )


def test_a_role_of_ones_own_approves_when_it_has_the_right(
    database: Database, ticket: Ticket, agent: Agent, make_agent: Callable[..., Agent]
) -> None:
    request = ask(database, ticket, agent, 3000)
    with database.write() as unit:
        role = roles.create(unit, name="Points", rights=["approve_points"])
    by = make_agent("Paula Points", role=role.key)
    with database.write() as unit:
        points.decide(unit, unit.session.get_one(PointsRequest, request.pk), by=by, approve=True)
    assert only(database, PointsEntry).approved_by_id == by.pk

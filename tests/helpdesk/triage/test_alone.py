from __future__ import annotations

from collections.abc import Callable

import pytest

from helpdesk.models import Agent, Brand, Customer, CustomRole, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from helpdesk.tickets.open import open_ticket
from helpdesk.triage import learn, lessons
from helpdesk.triage.alone import MOST, Alone, find_alone, list_leads

MANY = MOST + 1


@pytest.mark.parametrize(
    ("refusals", "alone"),
    [
        ([("refund", 1, n) for n in range(MOST)], []),
        ([("refund", 1, n) for n in range(MANY)], [Alone("refund", 1, MANY)]),
        ([("refund", 1, 7)] * MANY, []),  # one ticket, however often
        ([("refund", 1, n) for n in range(MANY)] + [("refund", 2, 99)], []),
        ([("refund", 9, n) for n in range(MANY)], []),  # a lead
    ],
)
def test_one_alone_takes_a_tag_off_nine_tickets_and_no_more(
    refusals: list[tuple[str, int, int]], alone: list[Alone]
) -> None:
    assert find_alone(refusals, {9}) == alone


def refuse(
    database: Database,
    ticket: Ticket,
    by: Agent,
    tickets: int,
    *,
    instead: str = "",
    score: float | None = 0.9,
) -> None:
    """Takes the tag off so many new tickets; `instead` puts another one on."""
    with database.write() as unit:
        brand = unit.session.get_one(Brand, ticket.brand_id)
        customer = unit.session.get_one(Customer, ticket.customer_id)
        for number in range(tickets):
            words = {"channel": "email", "account_id": ticket.account_id, "subject": f"{by.pk} {number}"}
            other = open_ticket(unit, brand, customer, language="ja", **words)  # type: ignore[arg-type]
            tag.add(unit, other, "order_status", by=None, source="auto", score=score)
            learn.correct_tag(unit, other, "order_status", by=by, added=False)
            if instead:
                learn.correct_tag(unit, other, instead, by=by, added=True)


def learned(database: Database, ticket: Ticket) -> lessons.Lessons:
    with database.read() as unit:
        return lessons.gather(unit, ticket.brand_id)


def test_what_one_agent_alone_says_waits_for_a_second(
    database: Database, ticket: Ticket, agent: Agent, make_agent: Callable[..., Agent]
) -> None:
    refuse(database, ticket, agent, MANY)
    found = learned(database, ticket)
    assert found.rows == () and found.alone == (Alone("order_status", agent.pk, MANY),)
    refuse(database, ticket, make_agent("Second Person"), 1)
    found = learned(database, ticket)
    assert len(found.rows) == MANY + 1 and found.alone == ()


def test_what_the_agent_puts_on_instead_is_learned_meanwhile(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    refuse(database, ticket, agent, MANY, instead="cancel_order")
    found = learned(database, ticket).rows
    assert {(row.tags, row.denied) for row in found} == {(("cancel_order",), ())}


def test_suggestions_may_be_refused_by_one_alone(database: Database, ticket: Ticket, agent: Agent) -> None:
    refuse(database, ticket, agent, MANY, score=None)
    assert len(learned(database, ticket).rows) == MANY


def test_the_word_of_a_lead_needs_no_second(database: Database, ticket: Ticket, lead: Agent) -> None:
    refuse(database, ticket, lead, MANY)
    assert len(learned(database, ticket).rows) == MANY


def test_a_role_of_the_teams_own_leads_if_it_may_change_tags(
    database: Database, agent: Agent, lead: Agent
) -> None:
    with database.write() as unit:
        unit.session.add(CustomRole(key="wise", name="Wise", rights=["tags"], created_at=unit.now))
        unit.session.get_one(Agent, agent.pk).role = "wise"
    with database.read() as unit:
        assert list_leads(unit) == {agent.pk, lead.pk}

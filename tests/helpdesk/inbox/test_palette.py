"""What the palette finds."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.access import Access
from helpdesk.inbox import palette
from helpdesk.models import Agent, Brand, Status, TicketSeen
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_order, add_ticket


def test_a_ticket_is_found_by_number_customer_or_order_and_its_number_comes_first(
    database: Database, brand: Brand, access: Access
) -> None:
    ticket = add_ticket(database, brand, name="佐藤 由美", subject="届きません")
    other = add_ticket(database, brand, name=f"客 {ticket.number}", subject="later")
    add_order(database, ticket.customer_id, brand, "HK-77")
    with database.read() as unit:
        for words in ("由美", "hk-77"):
            assert [one.key for one in palette.tickets(unit, access, words)] == [ticket.key]
        for words in (str(ticket.number), f"#{ticket.number}"):
            assert palette.tickets(unit, access, words)[0].key == ticket.key
        assert other.key in {one.key for one in palette.tickets(unit, access, f"客 {ticket.number}")}


def test_nothing_of_another_brand_nor_spam_nor_what_was_merged_is_found(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    add_ticket(database, other_brand, name="佐藤 由美")
    add_ticket(database, brand, name="佐藤 由美", status=Status.SPAM)
    add_ticket(database, brand, name="佐藤 由美", status=Status.MERGED)
    with database.read() as unit:
        assert palette.tickets(unit, access, "佐藤") == []
        assert {one.name for one in palette.customers(unit, access, "佐藤")} == {"佐藤 由美"}


def test_what_was_looked_at_last_is_offered_first(
    database: Database, brand: Brand, agent: Agent, access: Access
) -> None:
    tickets = [add_ticket(database, brand, name=f"客 {n}") for n in range(7)]
    with database.write() as unit:
        for minutes, ticket in enumerate(tickets):
            at = unit.now + timedelta(minutes=minutes)
            unit.session.add(TicketSeen(agent_id=agent.pk, ticket_id=ticket.pk, at=at))
    with database.read() as unit:
        found = [one.key for one in palette.recent(unit, access)]
    assert found == [ticket.key for ticket in reversed(tickets[2:])]


def test_colleagues_are_those_of_the_agents_brands(
    database: Database, brand: Brand, agent: Agent, access: Access
) -> None:
    with database.read() as unit:
        assert [one.key for one in palette.colleagues(unit, access, agent.name[:3].upper())] == [agent.key]
        assert palette.colleagues(unit, access, "%") == []

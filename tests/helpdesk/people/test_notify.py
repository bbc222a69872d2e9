"""A notification reaches the one whom it concerns, once."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.events import Happened
from helpdesk.models import Agent, Brand, Notification, Ticket
from helpdesk.people.notify import ASSIGNED, notify
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket


def test_what_is_still_unread_is_renewed_and_counted(
    database: Database, brand: Brand, agent: Agent, lead: Agent, clock: object
) -> None:
    ticket = add_ticket(database, brand)
    for _ in range(2):
        with database.write() as unit:
            notify(unit, agent.pk, ASSIGNED, unit.session.get_one(Ticket, ticket.pk), by=lead)
    with database.read() as unit:
        (found,) = unit.session.exec(select(Notification)).all()
    assert (found.agent_id, found.data["times"]) == (agent.pk, 2)


def test_nobody_is_told_of_their_own_doing(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand)
    with database.write() as unit:
        assert notify(unit, agent.pk, ASSIGNED, ticket, by=agent) is None


def test_only_that_agents_windows_hear_of_it(
    database: Database, brand: Brand, agent: Agent, lead: Agent
) -> None:
    ticket = add_ticket(database, brand)
    heard: list[Happened] = []
    database.listeners.append(heard.extend)
    with database.write() as unit:
        notify(unit, agent.pk, ASSIGNED, ticket, by=lead)
    (one,) = [one for one in heard if one.name == "agent_notified"]
    assert one.ids == {"agent": agent.pk}

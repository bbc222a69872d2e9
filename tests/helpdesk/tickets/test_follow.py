"""Followers hear of every answer; everybody else has peace."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.models import Agent, Brand, Message, Notification, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import follow
from helpdesk.tickets.receive import receive
from tests.helpdesk.desk import add_message, add_ticket


def test_a_customers_answer_reaches_followers_alone(
    database: Database, brand: Brand, agent: Agent, lead: Agent
) -> None:
    ticket = add_ticket(database, brand)
    message = add_message(database, ticket, "もう一度")
    with database.write() as unit:
        ours = unit.session.get_one(Ticket, ticket.pk)
        assert follow.follow(unit, ours, agent)
        assert not follow.follow(unit, ours, agent)
        receive(unit, ours, unit.session.get_one(Message, message.pk))
    with database.read() as unit:
        (found,) = unit.session.exec(select(Notification)).all()
        assert (found.agent_id, found.name, found.by_id, found.message_id) == (
            agent.pk,
            "answered",
            None,
            message.pk,
        )


def test_who_stops_following_hears_no_more(database: Database, brand: Brand, agent: Agent) -> None:
    ticket = add_ticket(database, brand)
    message = add_message(database, ticket, "もう一度")
    with database.write() as unit:
        ours = unit.session.get_one(Ticket, ticket.pk)
        follow.follow(unit, ours, agent)
        assert follow.unfollow(unit, ours, agent)
        assert not follow.unfollow(unit, ours, agent)
        follow.tell_followers(unit, ours, by=None, message=unit.session.get_one(Message, message.pk))
        assert not unit.session.exec(select(Notification)).all()

"""A shop whose agents come and go and whose visitors write; every step is a transaction of its own."""

from __future__ import annotations

from itertools import count

from sqlmodel import col, select

from helpdesk.chat import assignment
from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Brand, ChannelAccount, Direction, Event, Message, Team, Ticket, Visitor
from helpdesk.people import availability
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import close as closing
from helpdesk.tickets.open import open_ticket
from tests.conftest import StandingClock

numbers = count(1)


class Shop:
    """Agents who come and go, visitors who write; every step a transaction of its own."""

    def __init__(
        self, database: Database, clock: StandingClock, brand: Brand, account: ChannelAccount
    ) -> None:
        self.database, self.clock, self.brand, self.account = database, clock, brand, account

    def comes(self, *agents: Agent, capacity: int | None = None) -> None:
        with self.database.write() as unit:
            availability.heard(unit, {one.pk for one in agents})
            for one in agents:
                if capacity is not None:
                    availability.set_capacity(unit, unit.session.get_one(Agent, one.pk), capacity)

    def goes(self, agent: Agent) -> None:
        with self.database.write() as unit:
            availability.left(unit, {agent.pk})

    def turns(self, agent: Agent, state: str) -> None:
        with self.database.write() as unit:
            availability.set_availability(unit, unit.session.get_one(Agent, agent.pk), state)

    def asks(self, *, urgency: int = 40, brand: Brand | None = None, team: Team | None = None) -> int:
        """A chat of a new visitor, open and waiting, that nobody has yet."""
        with self.database.write() as unit:
            return self.begins(unit, urgency=urgency, brand=brand, team=team)

    def begins(
        self, unit: Unit, *, urgency: int = 40, brand: Brand | None = None, team: Team | None = None
    ) -> int:
        brand = brand or self.brand
        customer = identify(unit, brand.pk, "chat", f"visitor-{next(numbers)}")
        own = unit.session.get_one(Brand, brand.pk)
        ticket = open_ticket(
            unit, own, customer, channel="chat", account_id=self.account.pk, subject="Tea", language="en"
        )
        ticket.urgency, ticket.waiting_since = urgency, unit.now
        ticket.team_id = team.pk if team else None
        unit.session.add(
            Visitor(
                brand_id=brand.pk,
                account_id=self.account.pk,
                ticket_id=ticket.pk,
                last_seen_at=unit.now,
                created_at=unit.now,
            )
        )
        return ticket.pk

    def writes(self, chat: int) -> None:
        """The visitor's next message joins."""
        with self.database.write() as unit:
            ticket = unit.session.get_one(Ticket, chat)
            assignment.reclaim(unit, ticket)
            ticket.status, ticket.waiting_since = "open", ticket.waiting_since or unit.now
            ticket.last_message_at = unit.now
            assignment.settle(unit)

    def answers(self, chat: int) -> None:
        with self.database.write() as unit:
            ticket = unit.session.get_one(Ticket, chat)
            ticket.status, ticket.waiting_since, ticket.last_message_at = "pending", None, unit.now

    def says(self, chat: int, agent: Agent) -> None:
        """An answer of theirs stands in the chat; its visitor has written since."""
        with self.database.write() as unit:
            ticket = unit.session.get_one(Ticket, chat)
            unit.session.add(
                Message(
                    brand_id=ticket.brand_id,
                    ticket_id=chat,
                    customer_id=ticket.customer_id,
                    agent_id=agent.pk,
                    channel="chat",
                    direction=Direction.OUT,
                    text="One moment",
                    fingerprint=f"out:{chat}",
                    sent_at=unit.now,
                    created_at=unit.now,
                )
            )

    def closes(self, chat: int) -> None:
        with self.database.write() as unit:
            closing.close(unit, unit.session.get_one(Ticket, chat), by=None)

    def drain(self) -> int:
        return assignment.drain(self.database)

    def holder(self, chat: int) -> int | None:
        with self.database.read() as unit:
            return unit.session.get_one(Ticket, chat).assignee_id

    def log(self, chat: int) -> list[tuple[str, str]]:
        with self.database.read() as unit:
            events = unit.session.scalars(
                select(Event).where(Event.ticket_id == chat).order_by(col(Event.id))
            )
            return [(one.name, str(one.data.get("reason") or "")) for one in events if one.name != "opened"]

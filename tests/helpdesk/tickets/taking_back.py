"""The newest answer and its way back, as an agent presses Undo."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import select

from helpdesk.models import Agent, Delivery, Message, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.tickets.lock import lock
from helpdesk.tickets.take_back import take_back

Post = Callable[..., Message]


def take(database: Database, agent: Agent) -> None:
    with database.write() as unit:
        _take(unit, agent)


def _take(unit: Unit, agent: Agent) -> None:
    delivery = unit.session.exec(select(Delivery).order_by(Delivery.id.desc())).first()  # type: ignore[union-attr]
    assert delivery is not None
    message = unit.session.get_one(Message, delivery.message_id)
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    lock(unit, ticket)
    take_back(unit, ticket, delivery, by=unit.session.get_one(Agent, agent.pk))


def out(database: Database) -> Message:
    with database.read() as unit:
        return unit.session.exec(select(Message).where(Message.direction == "out")).one()

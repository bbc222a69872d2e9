"""The last touches: mail that could not be read or delivered, requests waiting for a lead, snoozed tickets."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlmodel import col, select

from helpdesk.commerce import points
from helpdesk.demo import mail
from helpdesk.demo.dice import dice
from helpdesk.demo.setting import Setting
from helpdesk.demo.stage import Stage
from helpdesk.models import Agent, Message, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log

UNREADABLE = (b"Subject: =?utf-8?B?5rOo5paH?=\r\nDate: \r\n\r\n(no sender)\r\n", b"\r\n\r\n")
BOUNCES, SNOOZED, REQUESTS = 3, 3, 2


def finish(stage: Stage, setting: Setting, now: datetime) -> None:
    rng = dice("ending")
    _bounces(stage, rng, now)
    _quarantine(stage, now)
    stage.clock.now = now - timedelta(minutes=50)
    with stage.intake.database.write() as unit:
        _ask_for_points(unit, setting.agents)
        _snooze(unit, setting.agents, now)


def _bounces(stage: Stage, rng: Random, now: datetime) -> None:
    """The newest answers that nobody has reacted to come back: the address was mistyped."""
    with stage.intake.database.read() as unit:
        sent = unit.session.exec(
            select(Message)
            .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
            .where(Message.direction == "out", Ticket.status == Status.PENDING)
            .order_by(col(Message.sent_at).desc())
            .limit(BOUNCES * 3)
        ).all()[::3]
    for message in sent:
        stage.clock.now = min(message.sent_at + timedelta(minutes=3), now)
        raw = mail.report(
            rng, to=str(message.to[0]["address"]), original_id=message.external_id or "", at=stage.clock.now
        )
        stage.receive(raw)


def _quarantine(stage: Stage, now: datetime) -> None:
    for place, raw in enumerate(UNREADABLE):
        stage.clock.now = now - timedelta(hours=5 + 19 * place)
        stage.receive(raw, external_id=f"unreadable-{place}")


def _ask_for_points(unit: Unit, agents: list[Agent]) -> None:
    """Grants above the limit, waiting for a lead."""
    agent = agents[2]
    tickets = unit.session.exec(
        select(Ticket)
        .where(Ticket.status == Status.OPEN, col(Ticket.order_id).is_not(None))
        .order_by(col(Ticket.urgency).desc(), col(Ticket.id))
        .limit(REQUESTS)
    ).all()
    for ticket, amount in zip(tickets, (2_000, 1_500), strict=False):
        points.request_approval(
            unit,
            ticket=ticket,
            agent=agent,
            amount=amount,
            reason="late_delivery",
            limit="per_grant",
            idempotency_key=f"request:{ticket.number}",
        )


def _snooze(unit: Unit, agents: list[Agent], now: datetime) -> None:
    tickets = unit.session.exec(
        select(Ticket)
        .where(Ticket.status == Status.PENDING)
        .order_by(col(Ticket.number).desc())
        .limit(SNOOZED)
    ).all()
    for days, ticket in enumerate(tickets, 1):
        ticket.snoozed_until = now + timedelta(days=days)
        log.write(unit, ticket, "snoozed", by=agents[1], until=ticket.snoozed_until.isoformat())


__all__ = ["finish"]

"""The last touches: mail unread or undelivered, requests waiting for a lead, snoozed tickets."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlmodel import col, select

from helpdesk.commerce import points
from helpdesk.demo import desk, mail
from helpdesk.demo.dice import dice
from helpdesk.demo.followup import find_last_answer
from helpdesk.demo.setting import Setting
from helpdesk.demo.stage import Stage
from helpdesk.models import Agent, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import seen, snooze

UNREADABLE = (b"Subject: =?utf-8?B?5rOo5paH?=\r\nDate: \r\n\r\n(no sender)\r\n", b"\r\n\r\n")
BOUNCES, SNOOZED, UNREAD = 3, 3, 14


def finish(stage: Stage, setting: Setting, now: datetime) -> None:
    pending = _list_pending(stage)
    _bounces(stage, dice("ending"), pending[::4][:BOUNCES], now)
    _quarantine(stage, now)
    stage.clock.now = now - timedelta(minutes=50)
    with stage.intake.database.write() as unit:
        _ask_for_points(unit, setting.agents)
        _snooze(unit, pending[1::4][:SNOOZED], setting.agents[1], now)
        desk.furnish(stage, unit, setting.agents)
        _read(unit, setting.agents)


def _read(unit: Unit, agents: list[Agent]) -> None:
    """Everybody has looked at all but the newest tickets."""
    older = select(Ticket).where(Ticket.status == Status.OPEN).order_by(col(Ticket.received_at).desc())
    for ticket in unit.session.exec(older.offset(UNREAD)).all():
        for agent in agents:
            seen.mark(unit, ticket, by=agent.pk)


def _list_pending(stage: Stage) -> list[int]:
    """Mail that waits for the customer, the newest first."""
    with stage.intake.database.read() as unit:
        found = select(Ticket.id).where(Ticket.status == Status.PENDING, Ticket.channel == "email")
        ordered = found.order_by(col(Ticket.number).desc())
        return [pk for pk in unit.session.exec(ordered) if pk is not None]


def _bounces(stage: Stage, rng: Random, tickets: list[int], now: datetime) -> None:
    """Our newest answer comes back: the address was mistyped."""
    for pk in tickets:
        with stage.intake.database.read() as unit:
            message = find_last_answer(unit, unit.session.get_one(Ticket, pk))
        if message is None:
            continue
        stage.clock.now = min(message.sent_at + timedelta(minutes=3), now)
        to = str(message.to[0]["address"])
        stage.receive(mail.report(rng, to=to, original_id=message.external_id or "", at=stage.clock.now))


def _quarantine(stage: Stage, now: datetime) -> None:
    for place, raw in enumerate(UNREADABLE):
        stage.clock.now = now - timedelta(hours=5 + 19 * place)
        stage.receive(raw, external_id=f"unreadable-{place}")


def _ask_for_points(unit: Unit, agents: list[Agent]) -> None:
    """Grants above the limit, waiting for a lead."""
    agent = agents[2]
    tickets = desk.list_late(unit, Status.OPEN, Status.PENDING)
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


def _snooze(unit: Unit, tickets: list[int], by: Agent, now: datetime) -> None:
    for days, pk in enumerate(tickets, 1):
        ticket = unit.session.get_one(Ticket, pk)
        snooze.until(unit, ticket, now + timedelta(days=days), by=by)


__all__ = ["finish"]

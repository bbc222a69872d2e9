"""Tells an agent that something concerns them: a row in their notifications and a fact for their open windows.

Called by what happens to tickets; read by inbox.notifications.
"""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.models import Agent, Message, Notification, Ticket
from helpdesk.store.db import Unit

MENTIONED, ASSIGNED, ANSWERED = "mentioned", "assigned", "answered"
CHAT_GIVEN, TRANSFERRED = "chat_given", "transferred"
SCHEDULE_CANCELLED, SEND_FAILED = "schedule_cancelled", "send_failed"


def notify(
    unit: Unit,
    agent_id: int,
    name: str,
    ticket: Ticket,
    *,
    by: Agent | None,
    message: Message | None = None,
    **data: object,
) -> Notification | None:
    """Never to the one who did it. What is still unread is renewed instead of repeated."""
    if by is not None and by.pk == agent_id:
        return None
    found = _find_unread(unit, agent_id, name, ticket, by)
    if found is None:
        found = Notification(
            agent_id=agent_id,
            brand_id=ticket.brand_id,
            ticket_id=ticket.pk,
            by_id=by.pk if by else None,
            name=name,
            created_at=unit.now,
        )
        unit.session.add(found)
    found.data = {**found.data, **data, "times": int(found.data.get("times", 0)) + 1}
    found.message_id = message.pk if message else found.message_id
    found.created_at = unit.now
    unit.session.flush()
    unit.tell("agent_notified", ticket.brand_id, agent=agent_id)
    return found


def _find_unread(
    unit: Unit, agent_id: int, name: str, ticket: Ticket, by: Agent | None
) -> Notification | None:
    return unit.session.exec(
        select(Notification)
        .where(
            Notification.agent_id == agent_id,
            Notification.ticket_id == ticket.pk,
            Notification.name == name,
            Notification.by_id == (by.pk if by else None),
            col(Notification.read_at).is_(None),
        )
        .order_by(col(Notification.id).desc())
    ).first()

"""Tells an agent that something concerns them: a row in their notifications and a fact for their open windows.

Called by what happens to tickets; read by inbox.notifications.
"""

from __future__ import annotations

from collections.abc import Mapping

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
    found.message_id = message.pk if message else found.message_id
    return _renew(unit, found, data)


def notify_of(
    unit: Unit, agent_id: int, brand_id: int, name: str, *, place: str, **data: object
) -> Notification:
    """Of what is about no ticket; `place` is the page that it leads to."""
    unread = unit.session.exec(
        select(Notification).where(
            Notification.agent_id == agent_id,
            Notification.brand_id == brand_id,
            Notification.name == name,
            col(Notification.ticket_id).is_(None),
            col(Notification.read_at).is_(None),
        )
    )
    found = next((one for one in unread if one.data.get("place") == place), None)
    if found is None:
        found = Notification(agent_id=agent_id, brand_id=brand_id, name=name, created_at=unit.now)
        unit.session.add(found)
    return _renew(unit, found, {**data, "place": place})


def _renew(unit: Unit, found: Notification, data: Mapping[str, object]) -> Notification:
    found.data = {**found.data, **data, "times": int(found.data.get("times", 0)) + 1}
    found.created_at = unit.now
    unit.session.flush()
    unit.tell("agent_notified", found.brand_id, agent=found.agent_id)
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

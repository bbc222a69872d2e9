"""An answer that has not left is taken back: the ticket as it was, the text in its writer's draft again.

A delivery may be taken back until its bytes are made, which happens in the transaction that hands it over. Both
hold the row: of a worker and an agent (or the customer's next message) exactly one wins.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Select, bindparam, delete
from sqlmodel import col, select

from helpdesk.errors import Conflict
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Attachment, Delivery, Draft, MacroUse, Message, Ticket
from helpdesk.people.notify import SCHEDULE_CANCELLED, notify
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.tickets import answered, draft, log, staged

TOO_LATE = lazy("this message has left already; write another one")


def take_back(unit: Unit, ticket: Ticket, delivery: Delivery, *, by: Agent) -> Draft:
    """The ticket is locked by the caller. Raises Conflict when a worker has the message in hand or sent it."""
    held = find_waiting(unit, delivery.pk)
    if held is None:
        raise Conflict(TOO_LATE)
    message = unit.session.get_one(Message, held.message_id)
    restored = _undo(unit, ticket, held, message)
    log.write(unit, ticket, "taken_back", by=by, message=message.pk)
    if message.agent_id is not None and message.agent_id != by.pk:
        notify(unit, message.agent_id, SCHEDULE_CANCELLED, ticket, by=by, message=message)
    return restored


def cancel_scheduled(unit: Unit, ticket: Ticket, incoming: Message) -> None:
    """Somebody wrote before scheduled answers left: they may no longer be right. Their writers are told."""
    for pk in unit.session.scalars(_scheduled(), {"ticket": ticket.pk}).all():
        held = find_waiting(unit, pk) if pk else None
        if held is None:
            continue
        message = unit.session.get_one(Message, held.message_id)
        _undo(unit, ticket, held, message)
        log.write(unit, ticket, "schedule_cancelled", message=message.pk, reason="customer_wrote")
        if message.agent_id is not None:
            notify(unit, message.agent_id, SCHEDULE_CANCELLED, ticket, by=None, message=incoming)


def find_waiting(unit: Unit, delivery_id: int) -> Delivery | None:
    """The row, held for the rest of the unit; None when a worker holds it, or has had it.

    Waiting for the worker instead could deadlock: it takes the delivery first, then the ticket.
    """
    held = unit.session.get(
        Delivery, delivery_id, with_for_update={"skip_locked": True}, populate_existing=True
    )
    return held if held is not None and held.state == "queued" and held.raw is None else None


def _undo(unit: Unit, ticket: Ticket, held: Delivery, message: Message) -> Draft:
    plan = held.undo
    held.state, held.lease_until, held.undo = "cancelled", None, {}
    message.state = "taken_back"
    unit.session.execute(delete(MacroUse).where(col(MacroUse.message_id) == message.pk))
    search.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words="", before=message.reply)
    files = _files_back(unit, message)
    if "before" in plan:
        answered.restore(unit, ticket, plan["before"], plan["after"])
    content = plan.get("draft") or {"text": message.reply, "html": "", "kind": "reply"}
    writer = message.agent_id or 0
    if files:
        staged.give_back(unit, ticket, writer, files)
    unit.tell("delivery_cancelled", message.brand_id, ticket=ticket.pk, message=message.pk)
    return draft.add_back(unit, ticket, agent_id=writer, content=draft.read_content(content))


def _files_back(unit: Unit, message: Message) -> list[dict[str, Any]]:
    """Under the keys they had, by which the text shows its pictures."""
    rows = unit.session.exec(select(Attachment).where(Attachment.message_id == message.pk)).all()
    facts = ("key", "name", "content_type", "size", "sha256", "inline", "content_id")
    passed = set() if message.forwarded_id is None else _passed_on(unit, message.forwarded_id)
    files = [
        {name: getattr(row, name) for name in facts} for row in rows if (row.sha256, row.name) not in passed
    ]
    unit.session.execute(delete(Attachment).where(col(Attachment.message_id) == message.pk))
    return files


def _passed_on(unit: Unit, message_id: int) -> set[tuple[str, str]]:
    """Files of the forwarded message come along again by themselves."""
    columns = select(Attachment.sha256, Attachment.name).where(Attachment.message_id == message_id)
    return {(sha256, name) for sha256, name in unit.session.exec(columns)}


@cache
def _scheduled() -> Select[Any]:
    return (
        sqlalchemy.select(col(Delivery.id))
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .where(
            col(Message.ticket_id) == bindparam("ticket"),
            col(Delivery.state) == "queued",
            col(Delivery.scheduled),
            col(Delivery.raw).is_(None),
        )
        .order_by(col(Delivery.id))
    )

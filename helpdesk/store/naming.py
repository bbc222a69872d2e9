"""Before a commit: facts get the opaque key of the ticket they concern, so that listeners need not ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col

from helpdesk.events import Happened
from helpdesk.models import Message, Ticket


def with_keys(session: Session, happened: list[Happened]) -> list[Happened]:
    """The same facts with their tickets' keys; rows that the unit has seen already cost no query."""
    unnamed = [one for one in happened if not one.ticket]
    tickets = _ticket_keys(session, {one.ids["ticket"] for one in unnamed if "ticket" in one.ids})
    by_message = {one.ids["message"] for one in unnamed if "message" in one.ids and "ticket" not in one.ids}
    messages = _message_keys(session, by_message)

    def key(one: Happened) -> str:
        if "ticket" in one.ids:
            return tickets.get(one.ids["ticket"], "")
        return messages.get(one.ids.get("message", 0), "")

    return [one if one.ticket else replace(one, ticket=key(one)) for one in happened]


def _ticket_keys(session: Session, wanted: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    missing: list[int] = []
    for pk in wanted:
        row = session.identity_map.get(identity_key(Ticket, pk))
        if row is None:
            missing.append(pk)
        else:
            found[pk] = row.key
    if missing:
        query = select(col(Ticket.id), col(Ticket.key)).where(col(Ticket.id).in_(missing))
        found.update({row[0]: row[1] for row in session.execute(query)})
    return found


def _message_keys(session: Session, wanted: set[int]) -> dict[int, str]:
    """Message id -> key of its ticket."""
    if not wanted:
        return {}
    query = select(col(Message.id), col(Ticket.key)).join(Ticket, col(Ticket.id) == col(Message.ticket_id))
    rows = session.execute(query.where(col(Message.id).in_(wanted)))
    return {row[0]: row[1] for row in rows}

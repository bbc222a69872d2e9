"""Two tickets joined and parted, and everything about them that this may touch."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from helpdesk.models import Agent, Follower, Merge, Message, Ticket, TicketTag
from helpdesk.store.db import Database
from helpdesk.tickets import combine, merge

FIRST, SECOND = "<first@example.jp>", "<second@example.jp>"


def join(database: Database, source: Ticket, target: Ticket, by: Agent | None = None) -> Merge:
    with database.write() as unit:
        get = unit.session.get_one
        return merge.merge(unit, get(Ticket, source.pk), get(Ticket, target.pk), by=by)


def part(database: Database, row: Merge) -> None:
    with database.write() as unit:
        merge.undo(unit, unit.session.get_one(Merge, row.pk), by=None)


def now(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


def state_of(database: Database, *, quiet: bool = False) -> dict[int, tuple[Any, ...]]:
    """Everything about each ticket that a merge may touch; `quiet` leaves out what new mail changes."""
    with database.read() as unit:
        found: dict[int, tuple[Any, ...]] = {}
        for ticket in unit.session.exec(select(Ticket)):
            messages = select(Message.id).where(Message.ticket_id == ticket.pk).order_by(col(Message.id))
            tags = select(TicketTag.tag_id).where(TicketTag.ticket_id == ticket.pk)
            followers = select(Follower.agent_id).where(Follower.ticket_id == ticket.pk)
            shown = combine.picture(ticket)
            found[ticket.pk] = (
                {name: shown[name] for name in ("assignee_id", "merged_into_id")} if quiet else shown,
                tuple(unit.session.exec(messages)),
                frozenset() if quiet else frozenset(unit.session.exec(tags)),
                frozenset(unit.session.exec(followers)),
            )
    return found

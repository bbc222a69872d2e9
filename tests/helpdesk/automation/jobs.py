"""What the tests of jobs over many tickets ask of them."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import col, select

from helpdesk.access import Access
from helpdesk.automation import bulk
from helpdesk.automation.bulk import Bulk
from helpdesk.models import BulkJob, Tag, Ticket, TicketTag
from helpdesk.store.db import Database
from macros.catalog import Catalog

CATALOG = Catalog.load_builtin()
Start = Callable[..., BulkJob]
STATE = ("status", "assignee_id", "waiting_since", "closed_at", "snoozed_until", "received_at")


def finish(worker: Bulk) -> None:
    while worker.drain():
        pass


def now(database: Database, job: BulkJob) -> BulkJob:
    with database.read() as unit:
        return unit.session.get_one(BulkJob, job.pk)


def values(database: Database, tickets: list[Ticket], *names: str) -> list[tuple[object, ...]]:
    with database.read() as unit:
        rows = [unit.session.get_one(Ticket, ticket.pk) for ticket in tickets]
        return [tuple(getattr(row, name) for name in names) for row in rows]


def go_back(database: Database, access: Access, job: BulkJob, worker: Bulk) -> None:
    with database.write() as unit:
        bulk.undo(unit, access, bulk.get(unit, access, job.key))
    finish(worker)


def tags_on(database: Database) -> set[tuple[int, str]]:
    with database.read() as unit:
        found = select(TicketTag.ticket_id, Tag.name).join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        return set(unit.session.exec(found))

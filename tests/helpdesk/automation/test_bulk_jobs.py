"""Jobs over many tickets as such: a crash in between, failures, undoing, turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from helpdesk.access import Access
from helpdesk.automation import bulk
from helpdesk.automation.bulk import Bulk
from helpdesk.errors import Conflict, Forbidden, NotFound
from helpdesk.models import Agent, Brand, BulkJob, Event, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.tickets import assign
from tests.conftest import StandingClock
from tests.helpdesk.automation.jobs import CATALOG, Start, finish, go_back, now, values
from tests.helpdesk.desk import add_ticket


class _Killed(BaseException):
    """As a process that is gone."""


def test_a_job_goes_on_after_a_kill_without_doing_anything_twice(
    database: Database,
    brand: Brand,
    worker: Bulk,
    start: Start,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tickets = [add_ticket(database, brand) for _ in range(25)]
    monkeypatch.setattr(bulk, "SLICE", 10)
    job = start("close", tickets)
    assert worker.drain() == 10
    seen = 0

    def dying(name: str) -> Callable[..., None]:
        def count(*_given: object) -> None:
            nonlocal seen
            seen += 1
            if seen == 4:
                raise _Killed(name)

        return count

    listener = dying("in the middle of the second slice")
    event.listen(Ticket, "before_update", listener)
    try:
        with pytest.raises(_Killed):
            worker.drain()
    finally:
        event.remove(Ticket, "before_update", listener)
    assert now(database, job).done == 10
    finish(Bulk(database, files, CATALOG))
    after = now(database, job)
    assert (after.state, after.done, after.changed, after.failures) == ("done", 25, 25, [])
    with database.read() as unit:
        closed = [one.ticket_id for one in unit.session.exec(select(Event).where(Event.name == "closed"))]
    assert sorted(closed) == sorted(ticket.pk for ticket in tickets)


def test_a_database_that_fails_is_tried_again_later(
    database: Database, brand: Brand, worker: Bulk, start: Start, clock: StandingClock
) -> None:
    ticket = add_ticket(database, brand)
    job = start("close", [ticket])

    def refuse(*_given: object) -> None:
        raise OperationalError("UPDATE tickets", {}, Exception("disk full"))

    event.listen(Ticket, "before_update", refuse)
    try:
        assert worker.drain() == 0
    finally:
        event.remove(Ticket, "before_update", refuse)
    assert (now(database, job).state, now(database, job).attempts) == ("queued", 1)
    assert worker.drain() == 0
    clock.advance(seconds=31)
    finish(worker)
    assert now(database, job).state == "done"


def test_undo_stops_a_job_that_still_runs(
    database: Database,
    brand: Brand,
    access: Access,
    worker: Bulk,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "SLICE", 4)
    tickets = [add_ticket(database, brand) for _ in range(10)]
    job = start("close", tickets)
    worker.drain()
    go_back(database, access, job, worker)
    assert now(database, job).state == "undone"
    assert values(database, tickets, "status") == [("open",)] * 10


def test_what_went_on_since_is_not_undone(
    database: Database,
    brand: Brand,
    access: Access,
    agent: Agent,
    worker: Bulk,
    start: Start,
    clock: StandingClock,
) -> None:
    tickets = [add_ticket(database, brand) for _ in range(2)]
    job = start("assign", tickets, agent=agent.pk)
    finish(worker)
    clock.advance(minutes=1)
    with database.write() as unit:
        assign.to(
            unit, unit.session.get_one(Ticket, tickets[0].pk), None, by=unit.session.get_one(Agent, agent.pk)
        )
    go_back(database, access, job, worker)
    after = now(database, job)
    assert after.state == "undone"
    assert [one["number"] for one in after.failures] == [tickets[0].number]
    with pytest.raises(Conflict):
        go_back(database, access, job, worker)


def test_only_its_agent_undoes_a_job_and_colleagues_do_not_see_it(
    database: Database, brand: Brand, access: Access, worker: Bulk, start: Start
) -> None:
    job = start("close", [add_ticket(database, brand)])
    finish(worker)
    with database.write() as unit:
        with pytest.raises(NotFound):
            bulk.get(unit, Access(99, "agent", access.brand_ids), job.key)
        with pytest.raises(Forbidden):
            bulk.undo(unit, Access(99, "lead", access.brand_ids), unit.session.get_one(BulkJob, job.pk))


def test_two_jobs_take_turns(
    database: Database,
    brand: Brand,
    worker: Bulk,
    start: Start,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "SLICE", 2)
    first = start("close", [add_ticket(database, brand) for _ in range(6)])
    clock.advance(seconds=1)
    second = start("close", [add_ticket(database, brand) for _ in range(2)])
    clock.advance(seconds=1)
    worker.drain()
    worker.drain()
    assert (now(database, first).done, now(database, second).done) == (2, 2)

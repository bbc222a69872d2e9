"""One action on many tickets, in the background: planned here, done in slices, watched and undone.

A slice is one short writing unit: the job's row is held, some tickets are changed, and how far it came is written
with them. A crash therefore loses nothing and repeats nothing; the next worker goes on where the last commit was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.automation.bulk_actions import ACTIONS, Doing, list_rights
from helpdesk.errors import Conflict, Forbidden, HelpdeskError, Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, BulkJob, Status, Ticket
from helpdesk.people import sign_in
from helpdesk.people.notify import ASSIGNED, notify
from helpdesk.store import queue
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.tickets.lock import lock
from helpdesk.tickets.tag import NAME
from macros.catalog import Catalog

log = structlog.get_logger()

MOST = 10_000
SLICE = 25  # on SQLite nobody else writes meanwhile: about a tenth of a second
SLICES = {"macro": 8, "merge": 8}  # these take longer for each ticket
AT_ONCE = 500  # ids in one query
RUNNING = ("queued", "undoing")
BROKEN = lazy("something broke here; the administrators find it in the log")


def plan(
    unit: Unit,
    access: Access,
    *,
    action: str,
    params: Mapping[str, Any],
    ticket_ids: Sequence[int],
    catalog: Catalog,
) -> BulkJob:
    """Queue the job for those of the tickets that this agent may touch. Raises Invalid for what cannot be done."""
    _check(action, params, catalog)
    for right in list_rights(access, action, params, catalog):
        access.require(right)
    tickets = _reachable(unit, access, list(dict.fromkeys(ticket_ids)))
    kept = dict(params)
    if action == "merge":
        into = plan_merge(tickets)
        if not into:
            raise Invalid("choose at least two tickets of the same customer", field="tickets")
        tickets, kept["into"] = [row for row in tickets if row[0] in into], _as_text(into)
    if not tickets:
        raise Invalid("choose at least one ticket", field="tickets")
    job = BulkJob(
        agent_id=access.agent_id,
        action=action,
        params=kept,
        ticket_ids=[pk for pk, _customer in tickets],
        next_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(job)
    unit.session.flush()
    unit.tell("bulk_queued", access.brand_ids[0], job=job.pk)
    return job


def get(unit: Unit, access: Access, key: str) -> BulkJob:
    """The agent's own job; leads see everybody's that concern their brands alone."""
    job = unit.session.exec(select(BulkJob).where(BulkJob.key == key)).first()
    others = job is not None and job.agent_id != access.agent_id
    if job is None or (others and not (access.may("approve_points") and _within(unit, access, job))):
        raise NotFound("this job does not exist, or it is a colleague's")
    return job


def undo(unit: Unit, access: Access, job: BulkJob) -> None:
    """Queue the way back; a job that still runs stops and goes back from where it is."""
    if job.agent_id != access.agent_id:
        raise Forbidden("only the one who started this can undo it")
    if job.state not in ("done", "queued"):
        raise Conflict("this is undone already")
    if job.state == "done" and not job.undo:
        raise Conflict("there is nothing to undo here any more")
    job.state, job.next_at, job.done_at, job.attempts = "undoing", unit.now, None, 0
    unit.session.add(job)
    unit.tell("bulk_queued", access.brand_ids[0], job=job.pk)


def plan_merge(tickets: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Ticket and customer ids -> which ticket goes into which: into the oldest of each customer."""
    by_customer: dict[int, list[int]] = defaultdict(list)
    for pk, customer in tickets:
        by_customer[customer].append(pk)
    return {pk: min(many) for many in by_customer.values() for pk in many if pk != min(many)}


class Bulk:
    """Any number of these may run, in any number of processes."""

    def __init__(self, database: Database, files: Files, catalog: Catalog) -> None:
        self.database = database
        self.files = files
        self.catalog = catalog

    def drain(self) -> int:
        """The next slice of the job that has waited longest. Returns how many tickets were gone through."""
        job_id: int | None = None
        try:
            with self.database.write() as unit:
                job = _claim(unit)
                if job is None:
                    return 0
                job_id = job.pk
                return self._slice(unit, job)
        except SQLAlchemyError:
            if job_id is None:
                raise
            log.exception("bulk_slice_failed", job=job_id)
            self._later(job_id)
            return 0

    def _slice(self, unit: Unit, job: BulkJob) -> int:
        by = unit.session.get_one(Agent, job.agent_id)
        if not by.active and job.state == "queued":
            job.state, job.done_at = "failed", unit.now
            return 0
        access = sign_in.access_of(unit, by)
        doing = Doing(unit, by, access, job.params, f"bulk:{job.key}", self.files, self.catalog)
        with i18n.using(by.language, by.timezone):
            count = _forwards(doing, job) if job.state == "queued" else _backwards(doing, job)
        job.attempts, job.next_at = 0, unit.now
        unit.session.add(job)
        return count

    def _later(self, job_id: int) -> None:
        with self.database.write() as unit:
            job = unit.session.get_one(BulkJob, job_id)
            job.attempts += 1
            again = queue.plan_retry(job.attempts, unit.now)
            if again is None:
                job.state, job.done_at = "failed", unit.now
            else:
                job.next_at = again


def _claim(unit: Unit) -> BulkJob | None:
    """Held until the unit ends; what another worker holds is passed over."""
    due = (
        select(BulkJob)
        .where(col(BulkJob.state).in_(RUNNING), BulkJob.next_at <= unit.now)
        .order_by(col(BulkJob.next_at), col(BulkJob.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return unit.session.exec(due).first()


def _forwards(doing: Doing, job: BulkJob) -> int:
    ids = job.ticket_ids[job.done : job.done + SLICES.get(job.action, SLICE)]
    undo, failures = [], []
    _hold(doing.unit, job, ids)
    for pk in ids:
        kept, failure = _one(doing, pk, None, job.action)
        if failure:
            failures.append(failure)
        elif kept is not None:
            undo.append({"ticket": pk, **kept})
    job.done += len(ids)
    job.changed += len(undo)
    job.undo, job.failures = [*job.undo, *undo], [*job.failures, *failures]
    if job.done >= len(job.ticket_ids):
        _finish(doing.unit, job, "done")
    return len(ids)


def _backwards(doing: Doing, job: BulkJob) -> int:
    """The newest change first, so that nothing stands in its own way."""
    size = SLICES.get(job.action, SLICE)
    back, failures = job.undo[-size:][::-1], []
    _hold(doing.unit, job, [kept["ticket"] for kept in back])
    for kept in back:
        _none, failure = _one(doing, kept["ticket"], kept, job.action)
        if failure:
            failures.append({**failure, "undo": True})
    job.undo, job.failures = job.undo[:-size], [*job.failures, *failures]
    if not job.undo:
        _finish(doing.unit, job, "undone")
    return max(1, len(back))


def _hold(unit: Unit, job: BulkJob, ids: Sequence[int]) -> None:
    """The tickets in the order of their ids, as everybody does who needs several: two jobs wait, not deadlock."""
    if not unit.sqlite:
        into = job.params.get("into", {})
        wanted = {*ids, *(int(into[str(pk)]) for pk in ids if str(pk) in into)}
        rows = select(Ticket.id).where(col(Ticket.id).in_(wanted)).order_by(col(Ticket.id))
        unit.session.exec(rows.with_for_update()).all()


def _one(
    doing: Doing, ticket_id: int, back: Mapping[str, Any] | None, action: str
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """One ticket, all of it or nothing: what undoing needs, or why it could not be."""
    unit, happened = doing.unit, len(doing.unit.happened)
    ticket = unit.session.get(Ticket, ticket_id)
    if ticket is None:
        return None, None
    number, key = ticket.number, ticket.key
    try:
        with unit.session.begin_nested():
            doing.access.require_brand(ticket.brand_id)
            lock(unit, ticket)
            if back is not None:
                ACTIONS[action].undo(doing, ticket, dict(back))
                return {}, None
            return ACTIONS[action].do(doing, ticket), None
    except SQLAlchemyError:
        raise
    except HelpdeskError as error:
        del unit.happened[happened:]
        reason, data = error.template, {name: str(value) for name, value in error.data.items()}
    except Exception:
        log.exception("bulk_ticket_failed", ticket=ticket_id, action=action)
        del unit.happened[happened:]
        reason, data = BROKEN, {}
    return None, {"ticket": ticket_id, "number": number, "key": key, "reason": reason, "data": data}


def _finish(unit: Unit, job: BulkJob, state: str) -> None:
    job.state, job.done_at = state, unit.now
    if state == "done" and job.action == "assign" and job.undo:
        _tell_assignee(unit, job)
    agent_brand = unit.session.get(Ticket, job.ticket_ids[0])
    if agent_brand:
        unit.tell(f"bulk_{state}", agent_brand.brand_id, job=job.pk, agent=job.agent_id)


def _tell_assignee(unit: Unit, job: BulkJob) -> None:
    """Once for all of them; the newest ticket stands for the others."""
    agent_id, ticket = job.params.get("agent"), unit.session.get(Ticket, job.undo[-1]["ticket"])
    if agent_id and ticket:
        by = unit.session.get_one(Agent, job.agent_id)
        notify(unit, agent_id, ASSIGNED, ticket, by=by, count=len(job.undo))


def _within(unit: Unit, access: Access, job: BulkJob) -> bool:
    """Whether all of its tickets are of the agent's brands."""
    for start in range(0, len(job.ticket_ids), AT_ONCE):
        foreign = select(Ticket.id).where(
            col(Ticket.id).in_(job.ticket_ids[start : start + AT_ONCE]),
            col(Ticket.brand_id).not_in(access.brand_ids),
        )
        if unit.session.exec(foreign.limit(1)).first() is not None:
            return False
    return True


def _check(action: str, params: Mapping[str, Any], catalog: Catalog) -> None:
    if action not in ACTIONS:
        raise Invalid("choose what is to be done", field="action")
    if action in ("add_tag", "remove_tag") and not NAME.fullmatch(str(params.get("tag", ""))):
        raise Invalid("a tag is 1 to 59 letters, digits, spaces or : / & . -", field="tag")
    if action == "macro":
        macro = catalog.find(str(params.get("macro", "")))
        if macro is None:
            raise Invalid("this macro does not exist any more; choose another one", field="macro")
        if any(one.confirm for one in macro.actions):
            raise Invalid("this macro gives points; use it ticket by ticket", field="macro")


def _reachable(unit: Unit, access: Access, ids: list[int]) -> list[tuple[int, int]]:
    """Ids and customers of those that are the agent's brands', in the order given."""
    if len(ids) > MOST:
        raise Invalid("at most %(most)s tickets at once; narrow the list", field="tickets", most=MOST)
    found: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = select(Ticket.id, Ticket.customer_id).where(
            col(Ticket.id).in_(ids[start : start + AT_ONCE]),
            col(Ticket.brand_id).in_(access.brand_ids),
            Ticket.status != Status.MERGED,
        )
        found |= {pk: customer for pk, customer in unit.session.exec(some) if pk is not None}
    return [(pk, found[pk]) for pk in ids if pk in found]


def _as_text(into: Mapping[int, int]) -> dict[str, int]:
    """JSON knows no numbers as names."""
    return {str(source): target for source, target in into.items()}

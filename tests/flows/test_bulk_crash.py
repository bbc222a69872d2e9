"""A worker is killed in the middle of a job on many tickets: the next one goes on, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sqlmodel import select

from helpdesk.access import Access
from helpdesk.automation import bulk
from helpdesk.automation.bulk import Bulk
from helpdesk.models import Brand, BulkJob, Event, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from macros.catalog import Catalog
from tests.helpdesk.desk import add_ticket

ROOT = Path(__file__).parent.parent.parent
TICKETS = 240
WORKER = """
import sys
from pathlib import Path
from helpdesk.automation import bulk
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from macros.catalog import Catalog
bulk.SLICE = 4
worker = bulk.Bulk(Database(sys.argv[1]), Files(Path(sys.argv[2])), Catalog([]))
while worker.drain():
    pass
"""


def test_a_killed_workers_job_is_finished_by_the_next(
    database: Database, brand: Brand, access: Access, files: Files, tmp_path: Path
) -> None:
    tickets = [add_ticket(database, brand, name="客") for _ in range(TICKETS)]
    with database.write() as unit:
        job = bulk.plan(
            unit,
            Access(access.agent_id, "agent", access.brand_ids),
            action="close",
            params={},
            ticket_ids=[ticket.pk for ticket in tickets],
            catalog=Catalog([]),
        )
    done = _kill_in_the_middle(database, job, tmp_path)
    assert 0 < done < TICKETS
    later = Database(database.url)  # by the killed worker's clock
    worker = Bulk(later, files, Catalog([]))
    while worker.drain():
        pass
    later.close()
    after = _read(database, job)
    assert (after.state, after.done, after.changed, after.failures) == ("done", TICKETS, TICKETS, [])
    with database.read() as unit:
        closed = Counter(unit.session.exec(select(Event.ticket_id).where(Event.name == "closed")))
        statuses = set(unit.session.exec(select(Ticket.status)))
    assert (set(closed.values()), len(closed), statuses) == ({1}, TICKETS, {"closed"})


def _kill_in_the_middle(database: Database, job: BulkJob, folder: Path) -> int:
    """How far the worker had come when it was killed."""
    command = [sys.executable, "-c", WORKER, database.url, str(folder / "files")]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as worker:
        deadline = time.monotonic() + 60
        while _read(database, job).done < TICKETS // 6 and time.monotonic() < deadline:
            time.sleep(0.01)
        worker.send_signal(signal.SIGKILL)
    return _read(database, job).done


def _read(database: Database, job: BulkJob) -> BulkJob:
    with database.read() as unit:
        return unit.session.get_one(BulkJob, job.pk)

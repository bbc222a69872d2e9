"""What a bulk job of 1,000 tickets costs, and how long its longest transaction keeps other writers waiting.

python tests/bench/bulk.py [--tickets 10000] [--folder /tmp/helpdesk-bench] [--many 1000]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import select
from sqlmodel import col

from helpdesk.automation import bulk
from helpdesk.automation.bulk import Bulk
from helpdesk.models import Agent, BulkJob, Status, Ticket
from helpdesk.people import sign_in
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from macros.catalog import Catalog
from tests.bench.seed import FOLDER, seeded

JOBS: tuple[tuple[str, dict[str, str]], ...] = (("add_tag", {"tag": "sale"}), ("close", {}))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=10_000)
    options.add_argument("--folder", type=Path, default=FOLDER)
    options.add_argument("--many", type=int, default=1_000)
    given = options.parse_args()
    source = seeded(given.tickets, given.folder)
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        shutil.copyfile(source, Path(name, "helpdesk.sqlite3"))
        database = Database(f"sqlite:///{Path(name, 'helpdesk.sqlite3')}")
        catalog = Catalog.load_builtin()
        worker = Bulk(database, Files(Path(name, "files")), catalog)
        print(f"{'job':<14}{'tickets':>9}{'seconds':>9}{'CPU ms each':>13}{'longest slice ms':>18}")
        for action, params in JOBS:
            for undone in (False, True):
                _start(database, catalog, action, params, given.many, undone=undone)
                _report(f"undo {action}" if undone else action, worker)
        database.close()


def _start(
    database: Database, catalog: Catalog, action: str, params: dict[str, str], many: int, *, undone: bool
) -> None:
    with database.write() as unit:
        agent = unit.session.scalars(select(Agent).order_by(col(Agent.id))).first()
        assert agent is not None
        access = sign_in.access_of(unit, agent)
        if undone:
            job = unit.session.scalars(select(BulkJob).order_by(col(BulkJob.id).desc())).first()
            assert job is not None
            bulk.undo(unit, access, job)
            return
        wanted = select(col(Ticket.id)).where(
            col(Ticket.brand_id) == access.brand_ids[0], col(Ticket.status) == Status.OPEN
        )
        ids = [pk for pk in unit.session.scalars(wanted.limit(many)) if pk is not None]
        bulk.plan(unit, access, action=action, params=params, ticket_ids=ids, catalog=catalog)


def _report(name: str, worker: Bulk) -> None:
    slices, done, before = [], 0, time.process_time()
    while True:
        started = time.perf_counter()
        count = worker.drain()
        if not count:
            break
        done += count
        slices.append(time.perf_counter() - started)
    cpu = (time.process_time() - before) * 1000 / max(1, done)
    print(f"{name:<14}{done:>9}{sum(slices):>9.1f}{cpu:>13.1f}{max(slices, default=0) * 1000:>18.0f}")


if __name__ == "__main__":
    main()

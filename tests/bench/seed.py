"""A helpdesk of any size for the measurements: tickets, four messages each, and the search index, as raw rows.

    python tests/bench/seed.py --tickets 1000000 --folder /tmp/helpdesk-bench

The same number gives the same rows. A folder that is there already is used again.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from helpdesk.customers.identify import identify
from helpdesk.models import Brand, ChannelAccount
from helpdesk.people import accounts
from helpdesk.store import migrate
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.bench.shop.rows import Maker

FOLDER = Path("/tmp/helpdesk-bench")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=10_000)
    options.add_argument("--folder", type=Path, default=FOLDER)
    given = options.parse_args()
    started = time.perf_counter()
    path = seeded(given.tickets, given.folder)
    print(f"{path}: {path.stat().st_size / 1e6:.0f} MB, {time.perf_counter() - started:.0f} s")


def seeded(tickets: int, folder: Path = FOLDER) -> Path:
    """The database file with so many tickets."""
    home = folder / str(tickets)
    path = home / "helpdesk.sqlite3"
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        facts = _set_up(path)
        _fill(path, tickets, facts)
        (home / "done").touch()
    return path


def _set_up(path: Path) -> dict[str, list[int]]:
    """Brands (the second one is another team's), agents, a mailbox and tags, by the helpdesk's own means."""
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.write() as unit:
        brands = [Brand(name=name, created_at=unit.now) for name in ("青葉商店", "Other Shop")]
        unit.session.add_all(brands)
        unit.session.flush()
        account = ChannelAccount(
            brand_id=brands[0].pk, kind="email", address="support@shop.example", created_at=unit.now
        )
        unit.session.add(account)
        unit.session.flush()
        agents = [
            accounts.create_agent(
                unit,
                email=f"agent{n}@shop.example",
                name=f"Agent {n}",
                language="en",
                brand_ids=[brands[0].pk],
            )
            for n in range(12)
        ]
        for brand in brands:
            tag.ensure_tags(unit, brand)
        identify(unit, brands[1].pk, "email", "first@other.example", name="First")
        unit.session.flush()
        rows = unit.session.connection().exec_driver_sql("SELECT id, brand_id FROM tags ORDER BY id").all()
        facts = {
            "agents": [agent.pk for agent in agents],
            "accounts": [account.pk],
            "tags": [pk for pk, brand_id in rows if brand_id == brands[0].pk],
        }
    database.close()
    return facts


def _fill(path: Path, count: int, facts: dict[str, list[int]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    indices = [
        (name, sql)
        for name, sql in connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql NOT NULL"
        )
    ]
    for name, _sql in indices:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("BEGIN")
    maker = Maker(connection, count, facts)
    maker.people()
    maker.tickets()
    for _name, sql in indices:
        connection.execute(sql)
    connection.execute("UPDATE brands SET next_ticket_number = ?", (count + 1,))
    connection.execute("COMMIT")
    connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


if __name__ == "__main__":
    main()

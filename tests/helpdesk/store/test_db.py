from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlmodel import col, select

from helpdesk.events import Happened
from helpdesk.models import Brand
from helpdesk.store import migrate
from helpdesk.store.db import Database


def test_a_failed_unit_leaves_nothing_and_tells_nobody(database: Database) -> None:
    heard: list[Happened] = []
    database.listeners.append(heard.extend)
    with pytest.raises(RuntimeError), database.write() as unit:
        unit.session.add(Brand(name="gone", created_at=unit.now))
        unit.tell("brand_added", 1)
        raise RuntimeError
    with database.read() as unit:
        assert unit.session.exec(select(Brand)).all() == []
    assert heard == []


def test_listeners_hear_after_the_commit(database: Database) -> None:
    seen: list[int] = []

    def listen(_facts: list[Happened]) -> None:
        with database.read() as unit:
            seen.append(len(unit.session.exec(select(Brand)).all()))

    database.listeners.append(listen)
    with database.write() as unit:
        unit.session.add(Brand(name="here", created_at=unit.now))
        unit.tell("brand_added", 1)
    assert seen == [1]


def test_concurrent_read_then_write_loses_nothing(database: Database, brand: Brand) -> None:
    def add_one(_: int) -> None:
        with database.write() as unit:
            row = unit.session.exec(select(Brand).where(col(Brand.id) == brand.id).with_for_update()).one()
            row.return_days = (row.return_days or 0) + 1

    with database.write() as unit:
        unit.session.get_one(Brand, brand.pk).return_days = 0
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(60)))
    with database.read() as unit:
        assert unit.session.get_one(Brand, brand.pk).return_days == 60


def test_times_come_back_in_utc(database: Database) -> None:
    tokyo = datetime(2026, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=9)))
    with database.write() as unit:
        row = Brand(name="time", created_at=tokyo)
        unit.session.add(row)
    with database.read() as unit:
        assert unit.session.exec(select(Brand.created_at)).one() == datetime(2026, 1, 5, 0, 0, tzinfo=UTC)


def test_the_migrations_say_what_the_models_say(database: Database) -> None:
    assert migrate.up_to_date(database)
    assert migrate.differences(database) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate.upgrade(database)
    assert migrate.up_to_date(database)


def test_the_newest_file_is_the_head_of_the_migrations() -> None:
    assert migrate.head() == ScriptDirectory.from_config(migrate.config(None)).get_current_head()


def test_a_fresh_database_is_not_up_to_date_until_it_is_upgraded(tmp_path: Path) -> None:
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
    assert not migrate.up_to_date(fresh)
    migrate.upgrade(fresh)
    assert migrate.up_to_date(fresh)
    fresh.close()

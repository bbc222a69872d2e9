"""The one way to the tables: `with db.read() as unit` and `with db.write() as unit`.

A unit is a short transaction with its clock and the events to tell after the commit. On SQLite every writing
unit begins IMMEDIATE on one connection, so two of them never fight over a lock half-way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Executable, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from helpdesk.errors import Misconfigured
from helpdesk.events import Happened
from helpdesk.store import naming
from helpdesk.store.turns import Turns

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Unit:
    """One transaction. `now` stands still in it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.happened: list[Happened] = []

    @property
    def sqlite(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"

    def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """Of columns alone: without the price of the way that rows take to become objects."""
        if self.session.autoflush:
            self.session.flush()
        return self.session.connection().execute(statement, values).all()

    def tell(self, name: str, brand_id: int | None, *, word: str = "", **ids: int) -> None:
        """Announce a fact; listeners hear it only if the transaction commits."""
        self.happened.append(Happened(name, brand_id, ids, word=word))


class Database:
    def __init__(self, url: str, *, clock: Clock = utc_now) -> None:
        self.url = url
        self.clock = clock
        self.listeners: list[Callable[[list[Happened]], None]] = []
        self._turns = Turns() if self.sqlite else None
        if self.sqlite:
            self._reader, self._writer = _sqlite_engines(url)
        else:
            self._reader = self._writer = _server_engine(url)

    @property
    def sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def engine(self) -> Engine:
        """For migrations."""
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Unit]:
        with Session(self._reader, autoflush=False) as session:
            yield Unit(session, self.clock())

    @contextmanager
    def write(self, *, first: bool = False) -> Iterator[Unit]:
        """Commits when the block ends well, rolls back when it raises. `first`: somebody outside waits for it."""
        turn = self._turns.turn(first=first) if self._turns else nullcontext()
        with turn, _Writing(self._writer, expire_on_commit=False) as session:
            session.connection()
            unit = Unit(session, self.clock())
            yield unit
            if unit.happened and self.listeners:
                unit.happened = naming.with_keys(session, unit.happened)
            session.commit()
        if unit.happened:
            for listener in self.listeners:
                listener(unit.happened)

    @property
    def awaited(self) -> bool:
        """Whether somebody of this process waits until the present writing unit ends."""
        return self._turns is not None and self._turns.awaited

    def count_foreign_writes(self) -> int:
        """On SQLite a number that changes whenever another process has written. Not the count itself."""
        connection = self._writer.raw_connection()  # ours: what it writes itself does not count for it
        try:
            cursor = connection.cursor()
            return int(cursor.execute("PRAGMA data_version").fetchone()[0])
        finally:
            connection.close()

    def ping(self) -> None:
        """Raises when the database does not answer."""
        with self.read() as unit:
            unit.session.execute(text("SELECT 1"))

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


class _Writing(Session):
    """Keeps every row it has seen until its end, so that asking for the same one again costs no query."""


def _hold(session: Session, row: object) -> None:
    session.info.setdefault("held", []).append(row)


for _moment in ("loaded_as_persistent", "pending_to_persistent"):
    event.listen(_Writing, _moment, _hold)


def _sqlite_engines(url: str) -> tuple[Engine, Engine]:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise Misconfigured("an in-memory database is not supported; name a file")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    reader = create_engine(url, poolclass=QueuePool, pool_size=16, connect_args={"check_same_thread": False})
    writer = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"check_same_thread": False},
    )
    for engine, begin in ((reader, "BEGIN"), (writer, "BEGIN IMMEDIATE")):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection, sql=begin: connection.exec_driver_sql(sql))
    return reader, writer


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=15000",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _server_engine(url: str) -> Engine:
    return create_engine(url, pool_size=16, max_overflow=16, pool_pre_ping=True)

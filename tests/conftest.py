"""Shared by all tests: a fresh database each, a clock that stands still, and signed-in browsers.

`--db sqlite|postgres|both` says on which databases the tests that touch one run; PostgreSQL needs its server
binaries on this machine and is started here, in a temporary folder, without durability.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from hypothesis import settings as properties
from starlette.applications import Starlette
from starlette.testclient import TestClient

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.app import build, make_parts
from helpdesk.models import Agent, Brand
from helpdesk.people import accounts, sign_in
from helpdesk.people.passwords import Passwords
from helpdesk.settings import Settings
from helpdesk.store import migrate
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests import quick
from tests.postgres import Cluster, find_binaries

structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)
properties.register_profile("busy", deadline=None)  # nothing here is a matter of time
properties.load_profile("busy")
SECRET = "a secret for tests alone"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=("sqlite", "postgres", "both"), default="sqlite")
    parser.addoption("--every-form", action="store_true", help="browser: pages in all forms, with pictures")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = metafunc.config.getoption("--db")
    kinds = ["sqlite", "postgres"] if chosen == "both" else [chosen]
    marks = {"sqlite": [], "postgres": [pytest.mark.postgres]}
    for name, scope in (("database_url", "function"), ("lasting", "module")):
        if name in metafunc.fixturenames:
            params = [pytest.param(kind, marks=marks[kind]) for kind in kinds]
            metafunc.parametrize(name, params, indirect=True, scope=scope)


def pytest_collection_finish() -> None:
    quick.settle_down()


@dataclass
class StandingClock:
    """Shows the same moment until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests read English unless they ask for another language."""
    with i18n.using("en", "Asia/Tokyo"):
        yield


@pytest.fixture
def clock() -> StandingClock:
    """Monday, 5 January 2026, noon in Tokyo."""
    return StandingClock(datetime(2026, 1, 5, 3, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file, made once."""
    path = tmp_path_factory.mktemp("template") / "helpdesk.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    quick.lend(database)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A throw-away server whose template database is migrated once."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL's server binaries (initdb, pg_ctl) are not on this machine")
    cluster = Cluster.start(binaries)
    database = Database(cluster.url("template"))
    migrate.upgrade(database)
    database.close()
    quick.lend(database)
    yield cluster
    cluster.stop()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database of the kind that --db names."""
    yield from _lend(request, tmp_path)


@pytest.fixture(scope="module")
def lasting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[StandingClock], Database]]:
    """lasting(clock) -> a database for all tests of a module that only read what it was filled with once."""
    with ExitStack() as opened:

        def lend(clock: StandingClock) -> Database:
            url = opened.enter_context(contextmanager(_lend)(request, tmp_path_factory.mktemp("lasting")))
            database = quick.quicken(Database(url, clock=clock))
            opened.callback(database.close)
            return database

        yield lend


def _lend(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "helpdesk.sqlite3")
        yield f"sqlite:///{folder / 'helpdesk.sqlite3'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.lend()
    yield cluster.url(name)
    cluster.take_back(name)


@pytest.fixture
def database(database_url: str, clock: StandingClock) -> Iterator[Database]:
    database = quick.quicken(Database(database_url, clock=clock))
    yield database
    database.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


@pytest.fixture
def seal() -> Seal:
    return Seal(SECRET)


@pytest.fixture
def passwords() -> Passwords:
    """As cheap as argon2 gets."""
    return Passwords(time_cost=1, memory_kib=8, parallelism=1)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        data=tmp_path,
        database_url=database_url,
        secret_key=SECRET,
        base_url="http://testserver",
        mail_poll_seconds=5,  # Dovecot's IDLE misses a mail now and then on a busy machine
    )


@pytest.fixture
def brand(database: Database) -> Brand:
    """A Japanese shop, 青葉商店."""
    with database.write() as unit:
        brand = Brand(name="青葉商店", created_at=unit.now)
        unit.session.add(brand)
        unit.session.flush()
    return brand


@pytest.fixture
def other_brand(database: Database) -> Brand:
    """A brand that `agent` and `lead` may not see."""
    with database.write() as unit:
        brand = Brand(name="Foreign & Sons", language="en", created_at=unit.now)
        unit.session.add(brand)
        unit.session.flush()
    return brand


@pytest.fixture
def make_agent(database: Database, brand: Brand) -> Callable[..., Agent]:
    """make_agent("Name", role="lead", language="ja") -> Agent of `brand`."""

    def make(name: str, **given: object) -> Agent:
        with database.write() as unit:
            values = {
                "email": f"{name.split()[0].lower()}@example.com",
                "language": "en",
                "brand_ids": [brand.pk],
            }
            return accounts.create_agent(unit, name=name, **{**values, **given})  # type: ignore[arg-type]

    return make


@pytest.fixture
def agent(make_agent: Callable[..., Agent]) -> Agent:
    return make_agent("Misaki Takahashi")


@pytest.fixture
def lead(make_agent: Callable[..., Agent]) -> Agent:
    return make_agent("Lena Lead", role="lead")


@pytest.fixture
def admin(make_agent: Callable[..., Agent]) -> Agent:
    return make_agent("Adam Admin", role="admin")


@pytest.fixture
def access(database: Database, agent: Agent) -> Access:
    """What `agent` may see."""
    with database.read() as unit:
        return sign_in.access_of(unit, agent)


@pytest.fixture
def app(settings: Settings, database: Database, clock: StandingClock, passwords: Passwords) -> Starlette:
    parts = make_parts(settings, clock=clock, database=database, passwords=passwords)
    return build(settings, work=False, parts=parts)


@pytest.fixture
def browser(app: Starlette) -> Callable[..., TestClient]:
    """browser() is a stranger's, browser(agent) a signed-in one; redirects are not followed."""

    def open_browser(who: Agent | None = None) -> TestClient:
        client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
        client.headers["accept-language"] = "en"
        if who is not None:
            with app.state.parts.database.write() as unit:
                client.cookies["helpdesk"] = sign_in.start(unit, who, user_agent="tests", days=14)
        return client

    return open_browser


@pytest.fixture
def client(browser: Callable[..., TestClient], agent: Agent) -> TestClient:
    """A browser in which `agent` is signed in."""
    return browser(agent)


@pytest.fixture
def lead_client(browser: Callable[..., TestClient], lead: Agent) -> TestClient:
    return browser(lead)


@pytest.fixture
def admin_client(browser: Callable[..., TestClient], admin: Agent) -> TestClient:
    return browser(admin)

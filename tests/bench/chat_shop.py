"""The servers that `chat.py` measures: a brand with a widget and signed-in agents, served by one process or several."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from helpdesk.chat.accounts import create_widget
from helpdesk.models import Brand
from helpdesk.people import accounts, sign_in
from helpdesk.store import migrate, seal
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from tests.fakes.ports import free_port
from tests.postgres import Cluster, find_binaries


@dataclass
class Shop:
    database: Database
    widget: str
    agents: list[str] = field(default_factory=list)  # tokens of signed-in browsers
    addresses: list[str] = field(default_factory=list)
    pids: list[int] = field(default_factory=list)

    def address(self, number: int) -> str:
        """Everybody in turn."""
        return self.addresses[number % len(self.addresses)]

    def memory(self) -> int:
        return sum(map(_resident, self.pids))

    def cpu(self) -> float:
        return sum(map(_cpu_seconds, self.pids))


@contextmanager
def opened(folder: Path, *, agents: int, processes: int, postgres: bool) -> Iterator[Shop]:
    """On SQLite, on a PostgreSQL of our own, or where HELPDESK_DATABASE_URL says."""
    binaries = find_binaries() if postgres else None
    cluster = Cluster.start(binaries, durable=True) if binaries else None
    url = cluster.url("template") if cluster else os.environ.get("HELPDESK_DATABASE_URL", "")
    url = url or f"sqlite:///{folder / 'helpdesk.sqlite3'}"
    shop = _prepare(url.replace("postgresql://", "postgresql+psycopg://", 1), folder, agents)
    servers = [_start(shop, url, folder) for _ in range(processes)]
    shop.pids = [one.pid for one in servers]
    try:
        yield shop
    finally:
        for one in servers:
            one.terminate()
        for one in servers:
            one.wait(timeout=30)
        shop.database.close()
        if cluster:
            cluster.stop()


def _prepare(url: str, folder: Path, agents: int) -> Shop:
    database = Database(url)
    migrate.upgrade(database)
    key = seal.load("", folder)
    with database.write() as unit:
        brand = Brand(name="青葉商店", created_at=unit.now)
        unit.session.add(brand)
        unit.session.flush()
        tag.ensure_tags(unit, brand)
        shop = Shop(database, create_widget(unit, brand, key, config={"origins": ["*"]}).address)
        for number in range(agents):
            agent = accounts.create_agent(
                unit, email=f"a{number}@shop.example", name=f"Agent {number}", brand_ids=[brand.pk]
            )
            shop.agents.append(sign_in.start(unit, agent, user_agent="bench", days=1))
    return shop


def _start(shop: Shop, url: str, folder: Path) -> subprocess.Popen[bytes]:
    port = free_port()
    command = [sys.executable, "-m", "helpdesk", "serve", "--port", str(port), "--data", str(folder)]
    path = folder / f"server-{port}.log"
    environment = {**os.environ, "PYTHONUTF8": "1", "HELPDESK_DATABASE_URL": url}
    with path.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                shop.addresses.append(f"127.0.0.1:{port}")
                return process
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise SystemExit(path.read_text())


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

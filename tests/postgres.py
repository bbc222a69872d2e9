"""A PostgreSQL server of our own for the tests: unprivileged, in a temporary folder, thrown away after."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests.emptied import Used

FOLDERS = ("/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt")
SAFE = ("max_connections=200",)
FAST = (*SAFE, "fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")


def find_binaries() -> Path | None:
    """The folder that holds initdb and pg_ctl, the newest version first."""
    installed = [path for root in FOLDERS for path in Path(root).glob("*/bin")]
    on_path = shutil.which("initdb")
    found = sorted(installed, key=lambda path: path.parent.name, reverse=True)
    candidates = [*found, *([Path(on_path).resolve().parent] if on_path else [])]
    return next(
        (path for path in candidates if (path / "initdb").exists() and (path / "pg_ctl").exists()), None
    )


@dataclass
class Cluster:
    binaries: Path
    folder: Path
    user: str | None  # whom root becomes: PostgreSQL refuses to run as root
    config: tuple[str, ...]
    numbers: count[int] = field(default_factory=lambda: count(1))
    connection: psycopg.Connection | None = None
    lent: dict[str, Used] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, binaries: Path, *, durable: bool = False) -> Cluster:
        """Without durability unless it is asked for: then a crash keeps what was committed."""
        folder = Path(tempfile.mkdtemp(prefix="hd-pg-"))
        user = _unprivileged() if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        cluster = cls(binaries, folder, user, SAFE if durable else FAST)
        try:
            cluster._run(
                "initdb",
                "-D",
                str(folder / "data"),
                "-U",
                "helpdesk",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            )
            cluster._start()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        cluster._sql('CREATE DATABASE "template"')
        return cluster

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://helpdesk@/{name}?host={self.folder}"

    def lend(self) -> str:
        """An empty copy of the template."""
        if self.empty:
            return self.empty.pop()
        name = f"test_{next(self.numbers)}"
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "template"')
        self.lent[name] = Used.fresh(name, self._connect(name))
        return name

    def take_back(self, name: str) -> None:
        if self.lent[name].empty():
            self.empty.append(name)
            return
        self.lent.pop(name).connection.close()
        self._sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def stop(self) -> None:
        self._leave()
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self, mode: str) -> None:
        """`mode`: fast ends sessions in good order, immediate is a crash."""
        self._leave()
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")
        self._start()

    def _leave(self) -> None:
        for used in self.lent.values():
            used.connection.close()
        self.lent.clear()
        self.empty.clear()
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _start(self) -> None:
        options = f"-c listen_addresses='' -k {self.folder} " + " ".join(f"-c {one}" for one in self.config)
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self._run("pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")

    def _sql(self, statement: str) -> None:
        self._connected().execute(statement.encode())

    def _connected(self) -> psycopg.Connection:
        if self.connection is None or self.connection.broken or self.connection.closed:
            self.connection = self._connect("postgres")
        return self.connection

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(f"host={self.folder} user=helpdesk dbname={name}", autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.decode(errors='replace')[-800:]}")


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"

"""How fast the inbox answers, against a bare floor in the same run; only ratios and medians are worth quoting.

The helpdesk is served as it is in earnest (uvicorn, one process, SQLite) and asked over sockets by 1, 8 and 32
clients at once. The floor is a bare application (starlette, sqlite3, jinja2) that shows the same
rows with the same facts about each, nothing around them and nobody signed in.

    python tests/bench/inbox.py [--tickets 10000] [--folder /tmp/helpdesk-bench] [--seconds 3] [--only list,search]
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import select
from sqlmodel import col

from helpdesk import i18n
from helpdesk.inbox import conversation, showing
from helpdesk.inbox.tagging import read_book
from helpdesk.models import Agent, Ticket
from helpdesk.people import sign_in
from helpdesk.store import migrate
from helpdesk.store.db import Database
from tests.bench.seed import FOLDER, seeded

CLIENTS = (1, 8, 32)
HERE = Path(__file__).parent
AIMS = {
    "list": 15.0,
    "ticket": 12.0,
    "search": 25.0,
    "reply": 10.0,
}  # CPU ms a request, by the name's beginning


@dataclass
class Ask:
    """One kind of request; `path` and `body` are made anew for each."""

    name: str
    path: Callable[[], str]
    body: Callable[[str], dict[str, str]] | None = None  # by the path
    part: bool = False


@dataclass
class Answer:
    """What one kind of request cost."""

    median: dict[int, float]
    p95: dict[int, float]
    cpu: float
    statements: int
    size: int


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=10_000)
    options.add_argument("--folder", type=Path, default=FOLDER)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--only", default="")
    given = options.parse_args()
    source = seeded(given.tickets, given.folder)
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        home = Path(name)
        shutil.copyfile(source, home / "helpdesk.sqlite3")
        token, marks = _sign_in(home)
        asks = [
            one for one in _asks(marks) if not given.only or one.name.startswith(tuple(given.only.split(",")))
        ]
        with _served("bare", home) as (port, pid):
            floor = _measure(Ask("floor: bare list", lambda: "/"), port, pid, "", home, given.seconds)
        with _served("whole", home) as (port, pid):
            answers = {
                one.name: _measure(one, port, pid, f"helpdesk={token}", home, given.seconds) for one in asks
            }
        _print(given.tickets, floor, answers)


def _asks(marks: dict[str, str]) -> list[Ask]:
    numbers, keys = count(1), list(marks)

    def ticket() -> str:
        return f"/tickets/{keys[next(numbers) % len(keys)]}"

    def search(words: str) -> Ask:
        return Ask(f"search {words}", lambda: f"/inbox/search?q={quote(words)}", part=True)

    return [
        Ask("list", lambda: "/"),
        Ask("list, rows alone", lambda: "/inbox/rows", part=True),
        Ask("list, tag and channel", lambda: "/?tag=return&channel=line"),
        Ask("list, closed", lambda: "/?view=closed"),
        Ask("ticket", ticket),
        Ask("ticket, by htmx", ticket, part=True),
        *(search(words) for words in ("order", "kintsugi", "返品", "返品 倉庫", "返品 status:open")),
        Ask("reply", lambda: f"{ticket()}/reply", _reply(marks), part=True),
        Ask("reply, all anew", lambda: f"{ticket()}/reply", _reply({}), part=True),
    ]


def _reply(marks: dict[str, str]) -> Callable[[str], dict[str, str]]:
    """As the page of the ticket sends it; without the mark of what that showed, everything is sent back."""

    def form(path: str) -> dict[str, str]:
        shown = marks.get(path.split("/")[2], "")
        return {"body": "Your parcel leaves today.", "token": token_hex(8), "shown": shown}

    return form


def _sign_in(home: Path) -> tuple[str, dict[str, str]]:
    """A signed-in agent's token, and some tickets: by their keys the marks of what a page of them shows."""
    database = Database(f"sqlite:///{home / 'helpdesk.sqlite3'}")
    migrate.upgrade(database)  # the kept folder may be older than this version
    with database.write() as unit:
        agent = unit.session.scalars(select(Agent).order_by(col(Agent.id))).first()
        assert agent is not None
        token = sign_in.start(unit, agent, user_agent="bench", days=1)
        newest = select(col(Ticket.key)).where(col(Ticket.brand_id) == 1, col(Ticket.account_id).is_not(None))
        keys = list(unit.session.scalars(newest.order_by(col(Ticket.id).desc()).limit(2_000)))
        access = sign_in.access_of(unit, agent)
        with i18n.using(agent.language, agent.timezone):
            book = read_book(unit, access)
            marks = {key: showing.mark(conversation.get(unit, access, key, book=book)) for key in keys}
    database.close()
    return token, marks


@contextmanager
def _served(kind: str, home: Path) -> Iterator[tuple[int, int]]:
    """The port and the process of a server."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = (home / f"{kind}.log").open("wb")
    environment = {**os.environ, "HELPDESK_DATA": str(home), "PYTHONPATH": str(HERE.parents[1])}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "shop" / "served.py"), kind, str(port)],
        env=environment,
        stdout=log,
        stderr=log,
    )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError((home / f"{kind}.log").read_text()[-2000:]) from None
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _measure(ask: Ask, port: int, pid: int, cookie: str, home: Path, seconds: float) -> Answer:
    for _ in range(4):
        _once(ask, port, cookie, home)
    statements, size = _once(ask, port, cookie, home)
    median, p95, cpu = {}, {}, 0.0
    for clients in CLIENTS:
        before = _cpu(pid)
        times = _storm(ask, port, cookie, clients, seconds)
        if clients == 1:
            cpu = (_cpu(pid) - before) * 1000 / len(times)
        ordered = sorted(times)
        median[clients] = statistics.median(ordered) * 1000
        p95[clients] = ordered[int(len(ordered) * 0.95)] * 1000
    return Answer(median, p95, cpu, statements, size)


def _once(ask: Ask, port: int, cookie: str, home: Path) -> tuple[int, int]:
    """SQL statements and gzipped size of one answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    status, headers, body = _send(connection, ask, cookie)
    connection.close()
    assert status == 200, (ask.name, status, body[:500])
    return int(headers.get("x-statements", "0")), len(zlib.compress(body, 6, wbits=31))


def _storm(ask: Ask, port: int, cookie: str, clients: int, seconds: float) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds

    def client() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        while time.perf_counter() < until:
            started = time.perf_counter()
            status, _headers, body = _send(connection, ask, cookie)
            times.append(time.perf_counter() - started)
            assert status == 200, (ask.name, status, body[:300])

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _send(connection: HTTPConnection, ask: Ask, cookie: str) -> tuple[int, dict[str, str], bytes]:
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    if ask.part:
        headers["HX-Request"] = "true"
    body, path = None, ask.path()
    if ask.body is not None:
        body = urlencode(ask.body(path))
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST" if body else "GET", path, body, headers)
    response = connection.getresponse()
    content = response.read()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, content


def _cpu(pid: int) -> float:
    """Seconds of processor time, of the process and its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _print(tickets: int, floor: Answer, answers: dict[str, Answer]) -> None:
    print(
        f"{tickets} tickets, {tickets * 4} messages; milliseconds: median and p95 at {CLIENTS} clients at once"
    )
    wide = max(len(name) for name in answers) + 2
    print(f"{'':{wide}}" + "".join(f"{f'{n}:':>16}" for n in CLIENTS) + "     CPU  SQL  gzip kB  CPU x floor")
    for name, one in {"floor": floor, **answers}.items():
        times = "".join(f"{one.median[n]:9.1f} {one.p95[n]:6.1f}" for n in CLIENTS)
        aim = next((most for begin, most in AIMS.items() if name.startswith(begin)), None)
        missed = "  above its aim" if aim is not None and one.cpu > aim else ""
        ratio = one.cpu / floor.cpu
        print(
            f"{name:{wide}}{times} {one.cpu:7.1f} {one.statements:4} {one.size / 1000:8.1f} {ratio:8.1f}{missed}"
        )


if __name__ == "__main__":
    main()

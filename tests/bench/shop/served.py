"""The two servers of tests/bench/inbox.py: the whole helpdesk, and a bare application as the floor.

HELPDESK_DATA=… python tests/bench/shop/served.py whole|bare PORT
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk.app import build, make_parts
from helpdesk.cli import logs
from helpdesk.settings import load

ROWS = """
    SELECT t.key, t.subject, t.preview, t.channel, t.status, t.urgency, t.last_message_at, c.name AS customer,
        a.name AS assignee,
        (SELECT group_concat(g.name, ', ') FROM ticket_tags tt JOIN tags g ON g.id = tt.tag_id
        WHERE tt.ticket_id = t.id)
        AS tags
    FROM tickets t JOIN customers c ON c.id = t.customer_id LEFT JOIN agents a ON a.id = t.assignee_id
    WHERE t.brand_id = 1 AND t.status = 'open' ORDER BY t.urgency DESC, t.waiting_since LIMIT 50
"""
COUNTS = (
    "SELECT status, count(*) FROM (SELECT status FROM tickets WHERE brand_id = 1 AND status = ? LIMIT 2000)"
)
PAGE = Environment(autoescape=True).from_string(
    """<!doctype html><html><head><title>Tickets</title></head><body>
    <nav>{% for name, n in counts %}<a href="?status={{ name }}">{{ name }} {{ n }}</a>{% endfor %}</nav>
    <ul>{% for row in rows %}<li><a href="/tickets/{{ row.key }}"><b>{{ row.customer }}</b> {{ row.subject }}
    <i>{{ row.tags or "" }}</i> <small>{{ row.preview }}</small> {{ row.channel }} {{ row.urgency }}
    <time>{{ row.last_message_at }}</time> {{ row.assignee or "" }}</a></li>{% endfor %}</ul></body></html>"""
)
_local = threading.local()


def bare(home: Path) -> ASGIApp:
    def show(request: Request) -> HTMLResponse:
        connection = getattr(_local, "connection", None)
        if connection is None:
            connection = _local.connection = sqlite3.connect(home / "helpdesk.sqlite3")
            connection.row_factory = sqlite3.Row
        rows = connection.execute(ROWS).fetchall()
        counts = [connection.execute(COUNTS, (name,)).fetchone() for name in ("open", "pending")]
        return HTMLResponse(PAGE.render(rows=rows, counts=counts))

    return Starlette(
        routes=[Route("/", show)],
        middleware=[Middleware(GZipMiddleware, minimum_size=800, compresslevel=5)],
    )


def whole(home: Path) -> ASGIApp:
    settings = load(data=home)
    logs.configure(settings)
    parts = make_parts(settings)
    return _Counting(build(settings, work=False, parts=parts), parts.database)


class _Counting:
    """Tells in a header how many statements an answer took; the counter is each request's own thread's."""

    def __init__(self, app: ASGIApp, database: Any) -> None:
        self.app, self.count = app, 0
        for engine in {database._reader, database._writer}:
            event.listen(engine, "before_cursor_execute", self._add)

    def _add(self, _connection: Any, _cursor: Any, statement: str, *_facts: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            self.count += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count = 0

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-statements", str(self.count).encode())]
            await send(message)

        await self.app(scope, receive, watch)


if __name__ == "__main__":
    kind, port = sys.argv[1:]
    made = {"whole": whole, "bare": bare}[kind](Path(os.environ["HELPDESK_DATA"]))

    uvicorn.run(
        made, host="127.0.0.1", port=int(port), log_config=None, access_log=False, server_header=False
    )

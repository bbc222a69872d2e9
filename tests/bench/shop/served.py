"""The two servers of tests/bench/inbox.py: the whole helpdesk, and a bare application as the floor.

HELPDESK_DATA=… python tests/bench/shop/served.py whole|bare PORT
"""

from __future__ import annotations

import json
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
    SELECT t.key, t.subject, t.preview, t.channel, t.urgency, t.urgency_reasons AS why, t.waiting_since AS since,
        t.last_message_at AS last, c.name AS customer, a.name AS assignee,
        (SELECT group_concat(g.name) FROM ticket_tags tt JOIN tags g ON g.id = tt.tag_id
        WHERE tt.ticket_id = t.id) AS tags,
        NOT EXISTS (SELECT 1 FROM ticket_seen s WHERE s.ticket_id = t.id AND s.agent_id = 1) AS new
    FROM tickets t JOIN customers c ON c.id = t.customer_id LEFT JOIN agents a ON a.id = t.assignee_id
    WHERE t.brand_id = 1 AND t.status = 'open' ORDER BY t.urgency DESC, t.waiting_since LIMIT 30
"""
COUNTS = (
    "SELECT status, count(*) FROM (SELECT status FROM tickets WHERE brand_id = 1 AND status = ? LIMIT 2000)"
)
PAGE = Environment(autoescape=True).from_string(
    """<!doctype html><html><head><title>Tickets</title></head><body>
    <nav>{% for name, n in counts %}<a href="?status={{ name }}">{{ name }} {{ n }}</a>{% endfor %}</nav>
    <ul>{% for row in rows %}{% set since = row.since or row.last %}<li id="row-{{ row.key }}">
    <input type="checkbox" class="row-check" form="bulk" name="ticket" value="{{ row.key }}"
    aria-label="Select: {{ row.customer }}, {{ row.subject }}">
    <a class="ticket-row{% if row.new %} unread{% endif %}"
    href="/tickets/{{ row.key }}" hx-get="/tickets/{{ row.key }}" data-key="{{ row.key }}">
    <span class="mark"></span><span class="face"><span class="avatar" aria-hidden="true">{{ row.customer[:1] }}</span>
    <svg class="icon" role="img" aria-label="{{ row.channel }}">
    <use href="/assets/icons.svg#{{ row.channel }}"></use></svg></span>
    <span class="row-name">{{ row.customer }}</span> <span class="row-text">{{ row.subject }}</span>
    <span class="tags">{% for tag in (row.tags or "").split(",") if tag %}<span class="tag">{{ tag }}</span>{% endfor %}
    <span class="row-preview">{{ row.preview }}</span></span><span class="row-present" data-presence></span>
    <time class="num" datetime="{{ since }}" title="Waiting since {{ since }}">{{ since[5:16] }}</time>
    {% if row.assignee %}<span class="who"
    title="Assigned to {{ row.assignee }}">{{ row.assignee[:2] }}</span>{% endif %}
    {% set why = reasons(row.why) %}
    <span class="row-why" aria-hidden="true"><b class="num">{{ row.urgency }}</b> {{ why }}</span>
    <span class="visually-hidden">Urgency: {{ row.urgency }} ({{ why }})</span></a></li>
    {% endfor %}</ul></body></html>"""
)
PAGE.globals["reasons"] = lambda said: " · ".join(
    f"{one['code']} +{one['points']}" for one in json.loads(said)
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

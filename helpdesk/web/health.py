"""GET /healthz, /readyz, /metrics: for supervisors, load balancers and Prometheus."""

from __future__ import annotations

import hmac
import ipaddress

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from helpdesk.models import Delivery, InboundEvent
from helpdesk.store import migrate
from helpdesk.store.db import Database
from helpdesk.web import metrics, state


async def alive(request: Request) -> Response:
    """The process answers; nothing more is asked."""
    return PlainTextResponse("ok\n")


def ready(request: Request) -> Response:
    """503 until the database answers with this version's tables and the background work runs."""
    checks = {**_database(state.parts(request).database), "workers": _workers(request)}
    good = all(word in ("ok", "off") for word in checks.values())
    return JSONResponse({"ready": good, **checks}, 200 if good else 503)


def numbers(request: Request) -> Response:
    parts = state.parts(request)
    token = parts.settings.metrics_token.get_secret_value()
    if not _may_read(request, token):
        raise HTTPException(401 if token else 403, headers={"WWW-Authenticate": "Bearer"} if token else None)
    with parts.database.read() as unit:
        for door, row in (("journal", InboundEvent), ("outbox", Delivery)):
            query = select(col(row.state), func.count()).group_by(col(row.state))
            for name, count in unit.session.execute(query):
                metrics.queue.labels(door, name).set(count)
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _database(database: Database) -> dict[str, str]:
    try:
        database.ping()
        fresh = migrate.up_to_date(database)
    except SQLAlchemyError:
        return {"database": "does not answer", "migrations": "unknown"}
    return {"database": "ok", "migrations": "ok" if fresh else "missing; run: helpdesk migrate"}


def _workers(request: Request) -> str:
    """`off` where another process works."""
    runner = getattr(request.app.state, "runner", None)
    if runner is None:
        return "off"
    late = runner.late(state.parts(request).database.clock())
    return f"late: {', '.join(late)}" if late else "ok"


def _may_read(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    return _loopback(request.client.host if request.client else "")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

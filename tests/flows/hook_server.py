"""A helpdesk in one process, web and background, to be killed: providers call it while it works."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.synchronize import Event
from typing import Any

import structlog
import uvicorn

from helpdesk.app import build, make_parts
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from tests.flows.crash_worker import Instance, Later


@dataclass(frozen=True)
class Place:
    instance: Instance
    port: int
    ahead: timedelta = timedelta(minutes=10)


def serve(place: Place, generation: int, started: Event) -> None:
    """Until it is killed. Each generation lives ten minutes later: dead leases have run out."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    instance = place.instance
    settings = Settings(
        data=instance.data,  # type: ignore[arg-type]
        database_url=instance.url,
        secret_key=instance.secret,  # type: ignore[arg-type]
        base_url="http://testserver",
    )
    database = Database(instance.url, clock=Later(generation))
    app = build(settings, parts=make_parts(settings, database=database))
    listening = socket.create_server(("127.0.0.1", place.port), reuse_port=True)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    begin = server.startup

    async def startup(sockets: Any = None) -> None:
        await begin(sockets)
        started.set()

    server.startup = startup  # type: ignore[method-assign]
    server.run(sockets=[listening])

"""`helpdesk work`: the background alone, any number of processes."""

from __future__ import annotations

import argparse
import asyncio
import signal

from helpdesk import app
from helpdesk.cli import add_data, logs
from helpdesk.settings import load
from helpdesk.store import migrate
from helpdesk.web.state import Parts


def configure(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = load(data=arguments.data)
    logs.configure(settings)
    parts = app.make_parts(settings)
    migrate.upgrade(parts.database)
    try:
        asyncio.run(_until_told_to_stop(parts))
    finally:
        parts.database.close()
    return 0


async def _until_told_to_stop(parts: Parts) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with app.working(parts):
        await stop.wait()

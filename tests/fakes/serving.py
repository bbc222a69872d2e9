"""The application behind a real uvicorn in a thread, for tests that speak over sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette

PATIENCE = 20.0  # seconds; what has not come until then never comes


@contextmanager
def serving(app: Starlette, **config: Any) -> Iterator[str]:
    """The address under which a real server serves `app`; `config` goes to uvicorn."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app, log_config=None, ws_per_message_deflate=False, timeout_graceful_shutdown=5, **config
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    started = threading.Event()
    begin = server.startup

    async def startup(sockets: Any = None) -> None:
        await begin(sockets)
        started.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    assert started.wait(PATIENCE)
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()

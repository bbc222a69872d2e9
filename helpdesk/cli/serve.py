"""`helpdesk serve`: brings the database up, tells how to sign in, then serves until it is stopped."""

from __future__ import annotations

import argparse
import os
import socket
from contextlib import nullcontext

import uvicorn

from helpdesk import app
from helpdesk.cli import add_data, logs
from helpdesk.cli import demo as demo_brand
from helpdesk.errors import Misconfigured
from helpdesk.people import setup_link
from helpdesk.settings import PREFIX, Settings, load
from helpdesk.store import migrate
from helpdesk.web import pauses
from helpdesk.web.state import Parts


def configure(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--demo", action="store_true", help="fill an empty database with a believable brand")
    parser.add_argument("--no-work", action="store_true", help="web alone; `helpdesk work` runs elsewhere")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes (default: %(default)s)"
    )
    parser.add_argument("--reload", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    logs.configure(settings)
    _require_free(arguments.host, arguments.port)
    parts = app.make_parts(settings)
    prepare(parts, demo=arguments.demo)
    host, port = arguments.host, arguments.port + 1
    with demo_brand.shop_opened(parts, host, port) if arguments.demo else nullcontext():
        _run(settings, parts, arguments)
    return 0


def _run(settings: Settings, parts: Parts, arguments: argparse.Namespace) -> None:
    if arguments.workers > 1 or arguments.reload:
        parts.database.close()
        _hand_on(settings)
        name = "from_environment_without_work" if arguments.no_work else "from_environment"
        _serve(
            f"helpdesk.app:{name}",
            arguments,
            factory=True,
            workers=arguments.workers,
            reload=arguments.reload,
        )
    else:
        application = app.build(settings, work=not arguments.no_work, demo=arguments.demo, parts=parts)
        pauses.make_rare()
        _serve(application, arguments)
        parts.database.close()


def prepare(parts: Parts, *, demo: bool) -> None:
    """Tables, the demo if wanted, and one line about how to sign in."""
    migrate.upgrade(parts.database)
    logs.say(f"Helpdesk: {parts.settings.base_url}")
    if demo:
        logs.say(demo_brand.fill(parts))
    with parts.database.write() as unit:
        token = setup_link.renew(unit)
    if token:
        link = f"{parts.settings.base_url}/setup?token={token}"
        logs.say(f"Make the first account with this link, it works once: {link}")
    logs.say("Stop with Ctrl+C.")


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = load(data=arguments.data)
    if "base_url" not in settings.model_fields_set:
        host = "127.0.0.1" if arguments.host in ("0.0.0.0", "::") else arguments.host  # noqa: S104
        settings = load(data=arguments.data, base_url=f"http://{host}:{arguments.port}")
    return settings


def _serve(target: object, arguments: argparse.Namespace, **more: object) -> None:
    uvicorn.run(
        target,  # type: ignore[arg-type]
        host=arguments.host,
        port=arguments.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        ws_max_size=131_072,  # what is too large for a chat is refused with a reason
        ws_per_message_deflate=False,  # the frames are small, its window for each socket is not
        **more,  # type: ignore[arg-type]
    )


def _hand_on(settings: Settings) -> None:
    """Worker processes read their settings from the environment."""
    os.environ[f"{PREFIX}DATA"] = str(settings.data.absolute())
    os.environ[f"{PREFIX}BASE_URL"] = settings.base_url


def _require_free(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise Misconfigured(
            f"cannot listen on {host}:{port} ({error.strerror or error}); choose another --port"
        ) from error

"""The one place where the parts meet: settings in, the ASGI application out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

import classifiers
from helpdesk.chat import lines
from helpdesk.demo.arrivals import arriving
from helpdesk.errors import Misconfigured
from helpdesk.live.switchboard import Switchboard
from helpdesk.people.passwords import Passwords
from helpdesk.settings import Settings
from helpdesk.settings import load as load_settings
from helpdesk.store import seal
from helpdesk.store.db import Clock, Database, utc_now
from helpdesk.store.files import Files
from helpdesk.triage.serving import Models
from helpdesk.web import errors, guard, live, pauses, routes
from helpdesk.web.attendance import Attendance
from helpdesk.web.callers import Callers
from helpdesk.web.door import Door
from helpdesk.web.quota import Quota
from helpdesk.web.reception import Reception
from helpdesk.web.state import Parts
from helpdesk.web.throttle import Throttle
from helpdesk.work.runner import Runner, assemble
from macros.catalog import Catalog

MEGABYTE = 1_000_000


def build(
    settings: Settings,
    *,
    work: bool = True,
    demo: bool = False,
    clock: Clock = utc_now,
    parts: Parts | None = None,
) -> Starlette:
    """The application; with `work` the background runs inside it. Given `parts` the caller closes them."""
    owned = parts is None
    parts = parts or make_parts(settings, clock=clock)
    attendance = Attendance(parts.database, parts.live)
    reception = Reception(parts.database, parts.seal, parts.live)
    door = Door(parts.database)
    parts.live.lobby.look = partial(lines.look, parts.database)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with (
            live.watching(parts),
            attendance.kept(),
            reception.opened(),
            reception.tally.opened(),
            working(parts, demo=demo) if work else nullcontext() as runner,
        ):
            app.state.runner = runner
            yield
        door.close()
        if owned:
            parts.database.close()

    app = Starlette(
        routes=routes.routes(settings),
        middleware=_middleware(settings),
        exception_handlers=errors.handlers(),
        lifespan=lifespan,
        max_body_size=(settings.max_upload_mb + 1) * MEGABYTE,
    )
    app.state.parts = parts
    app.state.throttle = Throttle()
    app.state.quota = Quota()
    app.state.reception = reception
    app.state.door = door
    app.state.callers = Callers(parts.database, parts.seal)
    app.state.attendance = attendance
    return app


@asynccontextmanager
async def working(parts: Parts, *, demo: bool = False) -> AsyncIterator[Runner]:
    """The background loops, for as long as the block lasts; in a demo new mail arrives now and then."""
    if parts.model is None:
        raise Misconfigured("the classifier has not been built; run: python -m classifiers.build")
    runner = Runner(assemble(parts.database, parts.files, parts.seal, parts.settings, parts.model))
    task = asyncio.create_task(runner.run())
    try:
        async with arriving(runner.parts.intake) if demo else nullcontext():
            yield runner
    finally:
        runner.stop()
        await task


def from_environment() -> Starlette:
    """For uvicorn's worker processes, which get their settings through the environment."""
    application = build(load_settings())
    pauses.make_rare()
    return application


def from_environment_without_work() -> Starlette:
    application = build(load_settings(), work=False)
    pauses.make_rare()
    return application


def make_parts(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    database: Database | None = None,
    passwords: Passwords | None = None,
) -> Parts:
    """Everything that handlers, workers and commands share."""
    key = seal.load(settings.secret_key.get_secret_value(), settings.data)
    database = database or Database(settings.url, clock=clock)
    files = Files(settings.data / "files")
    model = classifiers.builtin() if classifiers.BUILTIN.exists() else None
    return Parts(
        settings=settings,
        database=database,
        files=files,
        seal=key,
        catalog=Catalog.load_builtin(),
        model=model,
        passwords=passwords or Passwords(),
        live=Switchboard(database),
        models=Models(files, model) if model else None,
    )


def _middleware(settings: Settings) -> list[Middleware]:
    hosts = [host.strip() for host in settings.trusted_hosts.split(",") if host.strip()]
    return [
        Middleware(guard.RequestLog),
        Middleware(guard.SafeHeaders, https=settings.base_url.startswith("https://")),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts or ["*"], www_redirect=False),
        Middleware(GZipMiddleware, minimum_size=800, compresslevel=6),
        Middleware(guard.Language, default=settings.language, timezone=settings.timezone),
        Middleware(guard.Failures),
        Middleware(guard.NoNul),
        Middleware(guard.SameOrigin),
    ]

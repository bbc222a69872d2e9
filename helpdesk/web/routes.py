"""Every URL on one page."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from helpdesk.settings import Settings
from helpdesk.web import health, static
from helpdesk.web.agent import login
from helpdesk.web.auth import open_to_all


def routes(settings: Settings) -> list[BaseRoute]:
    return [
        # machines
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.numbers),
        Route("/assets/{digest}/{path:path}", static.show),
        # coming and going
        Route("/login", open_to_all(login.show)),
        Route("/login", open_to_all(login.create), methods=["POST"]),
        Route("/logout", open_to_all(login.destroy), methods=["POST"]),
    ]

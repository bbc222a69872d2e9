"""The providers' servers where they are told whom to call: what was told is kept, and is what they say afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk.simulate.about import About


@dataclass
class Told:
    """`calls` are the bodies, the newest last. `reason` is why a trial call of LINE fails."""

    about: About
    calls: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/setWebhook", self.telegram, methods=["POST"]),
            Route("/v2/bot/channel/webhook/endpoint", self.line, methods=["PUT"]),
            Route("/v2/bot/channel/webhook/test", self.line_trial, methods=["POST"]),
            Route("/{version}/{account}/subscribed_apps", self.meta, methods=["POST"]),
        ]

    async def telegram(self, request: Request) -> Response:
        body = await self._keep(request)
        if not str(body.get("url")).startswith("http"):
            words = "Bad Request: bad webhook: invalid URL"
            return JSONResponse({"ok": False, "error_code": 400, "description": words}, 400)
        self.about.hooks["telegram"] = body["url"]
        return JSONResponse({"ok": True, "result": True, "description": "Webhook was set"})

    async def line(self, request: Request) -> Response:
        self.about.hooks["line"] = (await self._keep(request))["endpoint"]
        return JSONResponse({})

    async def line_trial(self, request: Request) -> Response:
        said = {"success": not self.reason, "statusCode": 200 if not self.reason else 0, "detail": ""}
        return JSONResponse({**said, "reason": self.reason or "OK"})

    async def meta(self, request: Request) -> Response:
        body = await self._keep(request)
        self.about.hooks["meta"] = str(body.get("subscribed_fields") or "all")
        return JSONResponse({"success": True})

    async def _keep(self, request: Request) -> dict[str, Any]:
        self.calls.append(await request.json())
        return self.calls[-1]

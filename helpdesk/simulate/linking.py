"""LINE's side of the account link: a token for who asks, a page to confirm on, and the event that says so."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from helpdesk.simulate.deed import Deed
from helpdesk.simulate.play import Target
from helpdesk.simulate.vendors import VENDORS


@dataclass
class Links:
    """`target` is the account that is told; without one the events are only kept. A token is good once."""

    target: Target | None = None
    tokens: dict[str, str] = field(default_factory=dict)  # token -> LINE user
    events: list[Deed] = field(default_factory=list)

    def routes(self) -> list[Route]:
        return [
            Route("/v2/bot/user/{user}/linkToken", self.issue, methods=["POST"]),
            Route("/dialog/bot/accountLink", self.confirm, methods=["GET"]),
        ]

    async def issue(self, request: Request) -> Response:
        token = secrets.token_urlsafe(24)
        self.tokens[token] = request.path_params["user"]
        return JSONResponse({"linkToken": token})

    async def confirm(self, request: Request) -> Response:
        """The customer of the token is signed in at LINE here; `as` makes it somebody else, whom LINE refuses."""
        asked = request.query_params
        user = self.tokens.pop(asked.get("linkToken", ""), "")
        nonce = asked.get("nonce", "")
        if not user or not 10 <= len(nonce) <= 255:
            return PlainTextResponse("LINE (simulated): this link is used up", 400)
        same = asked.get("as", user) == user
        number = f"link{len(self.events) + 1}"
        data = {"nonce": nonce, "result": "ok" if same else "failed"}
        deed = Deed("link", user, datetime.now(UTC), number, data=data)
        self.events.append(deed)
        if self.target:
            await self._tell(self.target, deed)
        return PlainTextResponse("LINE (simulated): the accounts are linked" if same else "LINE: not you")

    async def _tell(self, target: Target, deed: Deed) -> None:
        import httpx2  # nothing else of the simulated servers needs it

        request = VENDORS["line"](deed, target.secrets, target.account)
        async with httpx2.AsyncClient(timeout=20) as http:
            await http.post(target.url, content=request.body, headers=dict(request.headers))

"""The providers' own servers, as far as a helpdesk asks them: takes messages, gives files, profiles and quotas.

What they refuse is refused here too; troubles can be ordered: `POST /simulate/troubles {"path", "status", "times"}`.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk.simulate import files
from helpdesk.simulate.about import About
from helpdesk.simulate.face import face
from helpdesk.simulate.linking import Links
from helpdesk.simulate.told import Told

POSTS, GETS = ["POST"], ["GET"]


@dataclass
class Sent:
    """What the helpdesk sent, as the customer has it."""

    vendor: str
    to: str
    number: str
    body: dict[str, Any]
    account: str = ""  # which of the brand's, where the address names it


@dataclass
class Trouble:
    path: str
    status: int
    times: int = 1
    after: bool = False  # the message is taken, only the answer is lost


@dataclass
class Provider:
    """All providers in one; `app` serves them."""

    sent: list[Sent] = field(default_factory=list)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    quota: int | None = None
    about: About = field(default_factory=About)
    links: Links = field(default_factory=Links)
    numbers: Any = field(default_factory=lambda: itertools.count(1_000_000))

    def __post_init__(self) -> None:
        self.told = Told(self.about)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                *self.about.routes(self._trouble),
                *self.told.routes(),
                *self.links.routes(),
                Route("/oauth2/v3/token", self.line_token, methods=POSTS),
                Route("/v2/bot/info", self.line_info, methods=GETS),
                Route("/v2/bot/message/reply", self.line_reply, methods=POSTS),
                Route("/v2/bot/message/push", self.line_push, methods=POSTS),
                Route("/v2/bot/message/quota", self.line_quota, methods=GETS),
                Route("/v2/bot/message/quota/consumption", self.line_used, methods=GETS),
                Route("/v2/bot/message/{number}/content", self.file, methods=GETS),
                Route("/files/{name}", self.file, methods=GETS),
                Route("/bot{token}/{method}", self.telegram, methods=POSTS),
                Route("/file/bot{token}/{path:path}", self.file, methods=GETS),
                Route("/2010-04-01/Accounts/{sid}/Messages.json", self.twilio, methods=POSTS),
                Route("/2/dm_conversations/with/{to}/messages", self.x, methods=POSTS),
                Route("/simulate/troubles", self.order_trouble, methods=POSTS),
                Route("/simulate/sent", self.show_sent, methods=GETS),
                Route("/{version}/{account}/messages", self.graph_send, methods=POSTS),
                Route("/{version}/{number}", self.graph_get, methods=GETS),
            ]
        )

    async def line_token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        if form.get("grant_type") != "client_credentials" or not form.get("client_secret"):
            return JSONResponse(
                {"error": "invalid_request", "error_description": "invalid client_secret"}, 400
            )
        return JSONResponse({"access_token": "simulated", "expires_in": 900, "token_type": "Bearer"})

    async def line_info(self, request: Request) -> Response:
        if lost := await self._trouble(request):
            return lost
        return JSONResponse(
            {"userId": "U" + "0" * 32, "basicId": "@simulated", "displayName": "Simulated", "chatMode": "bot"}
        )

    async def line_reply(self, request: Request) -> Response:
        body = await request.json()
        if lost := await self._trouble(request):
            return lost
        token = str(body.get("replyToken"))
        if not token.startswith("reply-") or token in self.used:
            return JSONResponse({"message": "Invalid reply token"}, 400)
        self.used.add(token)
        answer = self._take_line("", body)
        return await self._late_trouble(request) or answer

    async def line_push(self, request: Request) -> Response:
        body = await request.json()
        if lost := await self._trouble(request):
            return lost
        key = request.headers.get("x-line-retry-key", "")
        if key in self.keys:
            return JSONResponse({"message": "The retry key is already accepted", **self.keys[key]}, 409)
        if self.quota is not None and self.pushed() >= self.quota:
            return JSONResponse({"message": "You have reached your monthly limit."}, 429)
        answer = self._take_line(str(body.get("to")), body)
        if key:
            self.keys[key] = {"sentMessages": self._last(len(body["messages"]))}
        return await self._late_trouble(request) or answer

    def _take_line(self, to: str, body: dict[str, Any]) -> Response:
        messages = body.get("messages")
        if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
            return JSONResponse({"message": "Size must be between 1 and 5", "details": []}, 400)
        for number, message in enumerate(messages):
            words = message.get("text", "")
            if message.get("type") == "text" and not 0 < len(words.encode("utf-16-le")) // 2 <= 5000:
                details = [
                    {"message": "Length must be between 0 and 5000", "property": f"messages[{number}].text"}
                ]
                return JSONResponse({"message": "The request body has 1 error(s)", "details": details}, 400)
        for message in messages:
            self._keep("line", to, message)
        return JSONResponse({"sentMessages": self._last(len(messages))})

    def _last(self, count: int) -> list[dict[str, str]]:
        return [{"id": one.number, "quoteToken": "q"} for one in self.sent[-count:]]

    async def line_quota(self, request: Request) -> Response:
        return JSONResponse(
            {"type": "none"} if self.quota is None else {"type": "limited", "value": self.quota}
        )

    async def line_used(self, request: Request) -> Response:
        if lost := await self._trouble(request):
            return lost
        return JSONResponse({"totalUsage": self.pushed()})

    def pushed(self) -> int:
        """Replies are free."""
        return sum(one.vendor == "line" and bool(one.to) for one in self.sent)

    async def file(self, request: Request) -> Response:
        path = request.url.path
        if "recording" in path:
            return Response(files.sound(), media_type="audio/wav")
        if "face-" in path:
            return Response(face(path.rpartition("face-")[2]), media_type="image/png")
        content = files.sticker() if "sticker" in path else files.photograph()
        return Response(content, media_type="image/png")

    async def graph_send(self, request: Request) -> Response:
        body = await request.json()
        if lost := await self._trouble(request):
            return lost
        if body.get("status") == "read" or body.get("sender_action") == "mark_seen":
            self.about.read.append(body)
            return JSONResponse({"success": True})
        whatsapp = body.get("messaging_product") == "whatsapp"
        to = str(
            body.get("to") or body.get("recipient") if whatsapp else (body.get("recipient") or {}).get("id")
        )
        if not to or (not whatsapp and not isinstance(body.get("message"), dict)):
            return JSONResponse(
                {"error": {"message": "(#100) No recipient", "code": 100, "fbtrace_id": "SIM"}}, 400
            )
        account = request.path_params["account"]
        sent = self._keep("whatsapp" if whatsapp else "meta", to, body, account)
        said: dict[str, Any] = {"recipient_id": to, "message_id": sent.number}
        if whatsapp:
            said = {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to}],
                "messages": [{"id": sent.number}],
            }
        return await self._late_trouble(request) or JSONResponse(said)

    async def graph_get(self, request: Request) -> Response:
        number = request.path_params["number"]
        if "media" in number:
            return JSONResponse(
                {"id": number, "url": f"{request.base_url}files/{number}", "mime_type": "image/png"}
            )
        if lost := await self._trouble(request):
            return lost
        who = self.about.meta_profile(request)
        unknown = {"message": "(#100) No matching user found", "code": 100, "fbtrace_id": "SIM"}
        return JSONResponse(who or {"error": unknown}, 200 if who else 400)

    async def telegram(self, request: Request) -> Response:
        body = await request.json()
        if lost := await self._trouble(request):
            return lost
        method = request.path_params["method"]
        if method == "getFile":
            return JSONResponse({"ok": True, "result": {"file_path": f"photos/{body.get('file_id')}"}})
        if (told := self.about.telegram(method, body)) is not None:
            return JSONResponse({"ok": True, "result": told})
        sent = self._keep("telegram", str(body.get("chat_id")), body | {"method": method})
        return JSONResponse({"ok": True, "result": {"message_id": int(sent.number)}})

    async def twilio(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        sent = self._keep("sms", form.get("To", ""), dict(form))
        return JSONResponse({"sid": f"SM{sent.number}", "status": "queued"}, 201)

    async def x(self, request: Request) -> Response:
        sent = self._keep("x", request.path_params["to"], await request.json())
        return JSONResponse({"data": {"dm_conversation_id": "c", "dm_event_id": sent.number}}, 201)

    async def order_trouble(self, request: Request) -> Response:
        self.troubles.append(Trouble(**await request.json()))
        return JSONResponse({"ordered": len(self.troubles)})

    async def show_sent(self, request: Request) -> Response:
        return JSONResponse(
            [
                {"vendor": one.vendor, "to": one.to, "number": one.number, "body": one.body}
                for one in self.sent
            ]
        )

    def _keep(self, vendor: str, to: str, body: dict[str, Any], account: str = "") -> Sent:
        self.sent.append(Sent(vendor, to, str(next(self.numbers)), body, account))
        return self.sent[-1]

    async def _trouble(self, request: Request) -> Response | None:
        return await self._broken(request, after=False)

    async def _late_trouble(self, request: Request) -> Response | None:
        """It was taken, but the answer is lost on its way."""
        return await self._broken(request, after=True)

    async def _broken(self, request: Request, *, after: bool) -> Response | None:
        if not after and (lost := self.about.refused(request)):
            return lost
        for trouble in self.troubles:
            if trouble.times > 0 and trouble.after is after and trouble.path in request.url.path:
                trouble.times -= 1
                if trouble.status == 0:  # silence: longer than anybody waits
                    await asyncio.sleep(0.01)
                    return Response(b"", headers={"content-length": "9"})
                return JSONResponse({"message": "simulated trouble", "error": {"code": 2}}, trouble.status)
        return None

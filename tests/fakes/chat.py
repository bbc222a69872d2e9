"""A chat server as small as the protocol allows, in a thread: what the widget is tested against, moment by moment.

It serves the widget's real files. Tests speak for the team by `say`, cut the line by `cut`, and look at `heard`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from helpdesk.web import widget_files
from tests.fakes.ports import free_port

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
TEAM = {"name": "高橋 美咲", "avatar": None, "role": "agent"}
Line = dict[str, Any]


@dataclass
class Chat:
    """`lines` by visitor token; `config` is answered as it stands; `heard` are all frames in their order."""

    config: dict[str, Any]
    url: str = ""
    lines: dict[str, list[Line]] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    orders: dict[str, Any] = field(default_factory=dict)
    articles: list[dict[str, Any]] = field(default_factory=list)  # as they are read, with `html`
    sought: list[dict[str, str]] = field(default_factory=list)  # what articles were asked for
    seen: list[dict[str, Any]] = field(default_factory=list)  # what came of campaigns and flows
    welcome: dict[str, Any] = field(default_factory=dict)  # said in it beside the usual
    refuses: bool = False
    silent: bool = False  # hears messages and says nothing about them
    sockets: dict[WebSocket, str] = field(default_factory=dict)
    loop: asyncio.AbstractEventLoop | None = None

    def say(self, text: str, sender: dict[str, Any] | None = None, **more: Any) -> None:
        """The team answers every visitor."""
        for token in set(self.sockets.values()):
            line = self.keep(token, {"from": sender or TEAM, "text": text, **more})
            self.tell({"type": "message", **line}, token)

    def keep(self, token: str, line: Line) -> Line:
        lines = self.lines.setdefault(token, [])
        now = datetime.now(UTC).isoformat()
        lines.append({"seq": len(lines) + 1, "id": uuid4().hex, "attachments": [], "sent_at": now, **line})
        return lines[-1]

    def tell(self, frame: dict[str, Any], token: str | None = None) -> None:
        """To all windows, or those of one visitor; from any thread."""
        assert self.loop is not None
        for socket, whose in list(self.sockets.items()):
            if token in (None, whose):
                asyncio.run_coroutine_threadsafe(socket.send_text(json.dumps(frame)), self.loop).result(5)

    def cut(self, code: int = 1012) -> None:
        assert self.loop is not None
        for socket in list(self.sockets):
            asyncio.run_coroutine_threadsafe(socket.close(code), self.loop).result(5)

    def frames(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.heard if frame["type"] == kind]


def start(config: dict[str, Any]) -> Iterator[Chat]:
    """For a fixture."""
    port = free_port()
    chat = Chat(config, f"http://127.0.0.1:{port}")
    app = Starlette(routes=_routes())
    app.state.chat = chat
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield chat
    server.should_exit = True
    server.force_exit = True
    thread.join(10)


def _routes() -> list[Any]:
    return [
        Route("/widget.js", widget_files.loader),
        Route("/widget/config", _config),
        Route("/widget/files", _upload, methods=["POST", "OPTIONS"]),
        Route("/widget/file/{key}", _file, methods=["GET", "OPTIONS"]),
        Route("/widget/orders", _order, methods=["POST", "OPTIONS"]),
        Route("/widget/transcript", _transcript, methods=["POST", "OPTIONS"]),
        Route("/widget/seen", _seen, methods=["POST"]),
        Route("/widget/articles", _articles),
        Route("/widget/articles/files/{key}", _file),
        Route("/widget/articles/{key}", _article),
        Route("/widget/articles/{key}/helpful", _vote, methods=["POST", "OPTIONS"]),
        Route("/widget/{digest}/{name}", widget_files.show),
        WebSocketRoute("/chat", _socket),
    ]


async def _config(request: Request) -> Response:
    return JSONResponse(request.app.state.chat.config, headers=CORS)


async def _upload(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(headers=CORS)
    async with request.form() as form:
        upload: Any = form["file"]
        content = await upload.read()
    key = uuid4().hex
    request.app.state.chat.files[key] = (upload.content_type, content)
    made = {"key": key, "name": upload.filename, "size": len(content), "content_type": upload.content_type}
    return JSONResponse({**made, "url": f"/widget/file/{key}"}, 201, CORS)


async def _file(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(headers=CORS)
    kind, content = request.app.state.chat.files[request.path_params["key"]]
    return Response(content, media_type=kind, headers=CORS)


async def _order(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(headers=CORS)
    chat, asked = request.app.state.chat, await request.json()
    chat.asked.append(("orders", asked))
    order = chat.orders.get(f"{asked['number']} {asked['email']}")
    return JSONResponse({"found": True, "order": order} if order else {"found": False}, headers=CORS)


async def _transcript(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(headers=CORS)
    request.app.state.chat.asked.append(("transcript", await request.json()))
    return Response(status_code=204, headers=CORS)


async def _seen(request: Request) -> Response:
    """No question goes ahead of it, so none is answered."""
    request.app.state.chat.seen += json.loads(await request.body())["seen"]
    return Response(status_code=204, headers=CORS)


async def _articles(request: Request) -> Response:
    """Those in whose title or text one of the words stands; all of them where nothing is asked."""
    words = request.query_params.get("q", "").lower().split()
    request.app.state.chat.sought.append(dict(request.query_params))
    found = [
        {"key": one["key"], "title": one["title"], "excerpt": one["html"][:80]}
        | ({"language": one["language"]} if "language" in one else {})
        for one in request.app.state.chat.articles
        if not words or any(word in (one["title"] + one["html"]).lower() for word in words)
    ]
    return JSONResponse({"articles": found[:5]}, headers=CORS)


async def _article(request: Request) -> Response:
    articles = {one["key"]: one for one in request.app.state.chat.articles}
    return JSONResponse(articles[request.path_params["key"]], headers=CORS)


async def _vote(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(headers=CORS)
    said = {"key": request.path_params["key"], **await request.json()}
    request.app.state.chat.asked.append(("helpful", said))
    return JSONResponse({"helpful": said["helpful"]}, headers=CORS)


async def _socket(socket: WebSocket) -> None:
    chat: Chat = socket.app.state.chat
    if chat.refuses:
        await socket.close(1013)
        return
    await socket.accept()
    chat.loop = asyncio.get_running_loop()
    try:
        with suppress(WebSocketDisconnect):
            while True:
                await _hear(chat, socket, json.loads(await socket.receive_text()))
    finally:
        chat.sockets.pop(socket, None)


async def _hear(chat: Chat, socket: WebSocket, frame: dict[str, Any]) -> None:
    chat.heard.append(frame)
    if frame["type"] == "hello":
        token = frame.get("visitor") or base64.b32encode(uuid4().bytes).decode().rstrip("=").lower()
        chat.sockets[socket] = token
        history = [line for line in chat.lines.get(token, []) if line["seq"] > frame.get("after", 0)]
        welcome = {"type": "welcome", "visitor": token, "open": chat.config["open"], "history": history}
        told = {"agents_online": chat.config["agents_online"], "wait": 100, **chat.welcome}
        await socket.send_text(json.dumps(welcome | told))
    elif frame["type"] == "message" and not chat.silent:
        await _message(chat, socket, frame)


async def _message(chat: Chat, socket: WebSocket, frame: dict[str, Any]) -> None:
    token = chat.sockets[socket]
    line = next((one for one in chat.lines.get(token, []) if one.get("key") == frame["key"]), None)
    if line is None:
        files = [_attachment(chat, key) for key in frame.get("attachments", [])]
        said = {"from": {"role": "visitor"}, "text": frame["text"], "attachments": files, "key": frame["key"]}
        line = chat.keep(token, said)
        for other, whose in chat.sockets.items():
            if other is not socket and whose == token:
                await other.send_text(json.dumps({"type": "message", **line}))
    ack = {"type": "ack", "key": frame["key"], "id": line["id"], "seq": line["seq"]}
    await socket.send_text(json.dumps(ack))


def _attachment(chat: Chat, key: str) -> dict[str, Any]:
    kind, content = chat.files[key]
    return {
        "key": key,
        "name": "photo.png",
        "size": len(content),
        "content_type": kind,
        "url": f"/widget/file/{key}",
    }

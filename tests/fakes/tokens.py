"""A sign-in server: gives access tokens for a refresh token, and tells a mail server whether one is good."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class TokenServer:
    """`answer` is the next answer to a refresh; `valid` maps good access tokens to addresses."""

    answer: tuple[int, dict[str, object]] = (200, {"access_token": "good", "expires_in": 3600})
    valid: dict[str, str] = field(default_factory=lambda: {"good": "support"})
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


def start() -> Iterator[TokenServer]:
    state = TokenServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            state.asked.append({name: values[0] for name, values in form.items()})
            self._answer(*state.answer)

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
            email = state.valid.get(token)
            self._answer(
                200 if email else 401,
                {"email": email, "active": True} if email else {"error": "invalid_token"},
            )

        def _answer(self, status: int, body: dict[str, object]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/token"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

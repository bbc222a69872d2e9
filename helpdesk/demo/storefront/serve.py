"""The shop's little web server, in a thread beside the helpdesk: requests in, pages with a strict policy out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from helpdesk.demo.storefront import pages
from helpdesk.demo.storefront.pages import Answer, Visit

LONGEST_FORM = 10_000  # bytes


class PortTaken(Exception):
    """Another program listens there."""


@contextmanager
def serving(port: int, *, helpdesk: str, widget: Callable[[], str], host: str = "127.0.0.1") -> Iterator[str]:
    """The shop's address for as long as the block lasts; `widget` gives the public key of its chat, "" for none.

    Raises PortTaken.
    """
    made = type("Shop", (_Handler,), {"helpdesk": helpdesk, "widget": staticmethod(widget)})
    try:
        server = ThreadingHTTPServer((host, port), made)
    except OSError as error:
        raise PortTaken(port) from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="storefront", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "shop", ""
    timeout = 20
    helpdesk: str
    widget: Callable[[], str]

    def do_GET(self) -> None:
        self._answer({})

    do_HEAD = do_GET

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), LONGEST_FORM)
        sent = parse_qs(self.rfile.read(length).decode(errors="replace"))
        self._answer({name: values[0] for name, values in sent.items()})

    def _answer(self, form: dict[str, str]) -> None:
        url = urlsplit(self.path)
        visit = Visit(
            path=url.path,
            query={name: values[0] for name, values in parse_qs(url.query).items()},
            form=form,
            posted=self.command == "POST",
            cookies=_cookies(self.headers.get("Cookie", "")),
            accepts=self.headers.get("Accept-Language", ""),
            helpdesk=self.helpdesk,
            widget=self.widget(),
        )
        self._send(pages.answer(visit))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """The console is the helpdesk's."""


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}

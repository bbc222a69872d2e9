"""What every request passes before a handler: an id, a log line, a language, its origin, safe headers."""

from __future__ import annotations

import re
import time
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk import i18n
from helpdesk.models import new_key
from helpdesk.web import errors, metrics

log = structlog.get_logger("helpdesk.web")

FOREIGN_PAGE = i18n.lazy("this was sent from another site; open the helpdesk itself and try again")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FOREIGN = ("/hooks/", "/widget/", "/widget.js", "/api/")  # these carry their own proof and no cookie
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
NUL = re.compile(rb"\x00|%00")
# The time and signature of an address that we signed.
SIGNED = re.compile(r"/\d{9,12}-[a-z2-7]{26}(?=/|$)", re.IGNORECASE)
QUIET = ("/healthz", "/readyz", "/metrics", "/assets/")


class RequestLog:
    """Every request gets an id, a log line and its place in the metrics. No query, no body is logged."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, request_id = time.perf_counter(), 500, new_key()
        scope.setdefault("state", {})["request_id"] = request_id

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self.app(scope, receive, watch)
            finally:
                _note(scope, status, time.perf_counter() - started)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "") or scope.get("path_format", "")
    metrics.requests.labels(scope["method"], route or "other", str(status)).inc()
    metrics.seconds.labels(route or "other").observe(seconds)
    if not scope["path"].startswith(QUIET):
        log.info(
            "request", method=scope["method"], path=shown(scope), status=status, ms=round(seconds * 1000, 1)
        )


def shown(scope: Scope) -> str:
    """The path without a signature: who reads logs opens nothing by them."""
    return str(SIGNED.sub("/…", scope["path"]))


class Language:
    """Before anybody signed in: the language of the cookie, else of the browser, else of the settings."""

    def __init__(self, app: ASGIApp, *, default: str, timezone: str) -> None:
        self.app, self.default, self.timezone = app, default, timezone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        chosen = _cookie(headers, "language") or preferred(headers.get("accept-language", "")) or self.default
        with i18n.using(chosen, self.timezone):
            await self.app(scope, receive, send)


def preferred(accepted: str) -> str | None:
    """The first of our languages in an Accept-Language header, by its weights."""
    ranked: list[tuple[float, str]] = []
    for part in accepted.split(",")[:20]:
        name, _, weight = part.strip().partition(";q=")
        code = name.strip().lower().split("-")[0]
        if code in i18n.LANGUAGES:
            ranked.append((float(weight) if re.fullmatch(r"[01](\.\d{1,3})?", weight) else 1.0, code))
    return max(ranked, key=lambda one: one[0])[1] if ranked else None


def _cookie(headers: Headers, name: str) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return found.value if found is not None and found.value in i18n.LANGUAGES else None


class Failures:
    """A bug becomes a page with the number of its request, and the headers of the others still apply."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if started:
                raise
            log.error("request failed", path=shown(scope), exc_info=error)
            await errors.answer(Request(scope), 500, "")(scope, receive, send)


class NoNul:
    """NUL stands in no text and no key, and no database takes it: it is dropped from queries, unknown in paths."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "\x00" in scope["path"]:
            await errors.answer(Request(scope), 404, "")(scope, receive, send)
            return
        if NUL.search(scope.get("query_string", b"")):
            scope = {**scope, "query_string": _without_nul(scope["query_string"])}
        await self.app(scope, receive, send)


def _without_nul(query: bytes) -> bytes:
    """Until none is left: taking one away may bring the halves of another together."""
    while NUL.search(query):
        query = NUL.sub(b"", query)
    return query


class SameOrigin:
    """Refuses what another site makes a browser send: changes and sockets come from our own pages alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "websocket" or (
            scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        )
        refused = asks and not _foreign(scope) and not same_origin(Headers(scope=scope))
        if not refused:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await errors.answer(Request(scope), 403, FOREIGN_PAGE)(scope, receive, send)
        else:
            await PlainTextResponse("this socket opens from the helpdesk alone", 403)(scope, receive, send)


def same_origin(headers: Headers) -> bool:
    """By Sec-Fetch-Site, which no page can forge; where a browser sends none (plain http), by Origin."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return "cookie" not in headers  # no browser, and nobody to impersonate
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _foreign(scope: Scope) -> bool:
    return bool(scope["path"] == "/chat" or scope["path"].startswith(FOREIGN))


class SafeHeaders:
    """Headers that keep a mistake in a page from becoming a breach; a handler's own ones win."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = dict(HEADERS)
        if https:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, add if scope["type"] == "http" else send)

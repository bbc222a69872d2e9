"""Who is asking: the cookie's token becomes an agent and their Access before a handler runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, cast
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from helpdesk import i18n
from helpdesk.access import RIGHTS
from helpdesk.people import sign_in
from helpdesk.web import forms, state

Handler = Callable[[Request], Response] | Callable[[Request], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


class SignInRequired(Exception):
    """Nobody is signed in; `web.errors` leads to the sign-in page."""


def agent_required(handler: Handler, *, right: str = "") -> Endpoint:
    """The handler with `state.agent(request)`, `state.access(request)` and, for a POST, `forms.of(request)`.

    With `right` only for those whose role has it.
    A plain `def` handler runs in a thread and may read the database; an `async def` one must not.
    """

    @wraps(handler)
    async def endpoint(request: Request) -> Response:
        async with forms.received(request):
            if iscoroutinefunction(handler):
                await run_in_threadpool(enter, request, right)
                with reader(request):
                    return cast(Response, await handler(request))
            return await run_in_threadpool(_enter_and_call, handler, request, right)

    return endpoint


def needs(right: str, handler: Handler) -> Endpoint:
    """For routes: `needs("reply", reply.create)`."""
    assert right in RIGHTS, right
    return agent_required(handler, right=right)


def open_to_all(handler: Handler) -> Endpoint:
    """For pages before sign-in: the form is read, a plain `def` runs in a thread."""

    @wraps(handler)
    async def endpoint(request: Request) -> Response:
        async with forms.received(request):
            if iscoroutinefunction(handler):
                return cast(Response, await handler(request))
            return await run_in_threadpool(cast(Callable[[Request], Response], handler), request)

    return endpoint


def enter(connection: HTTPConnection, right: str = "") -> None:
    """Put agent and Access into the state of a request or socket; raises SignInRequired or Forbidden."""
    connection.state.live_at = state.parts(connection).live.hub.position  # before anything is read
    found = find(connection)
    if found is None:
        raise SignInRequired
    connection.state.agent, connection.state.access = found.agent, found.access
    if right:
        with reader(connection):
            found.access.require(right)


def find(connection: HTTPConnection) -> sign_in.SignedIn | None:
    """The signed-in agent by the cookie; keeps the sign-in alive."""
    parts, token = state.parts(connection), connection.cookies.get(cookie_name(connection), "")
    if not token:
        return None
    with parts.database.read() as unit:
        found = sign_in.find(unit, token)
    if found is not None and found.due:
        with parts.database.write() as unit:
            sign_in.renew(unit, token, days=parts.settings.session_days)
    return found


def reader(connection: HTTPConnection) -> Any:
    """The context in which texts and times are the signed-in agent's."""
    agent = state.agent(connection)
    return i18n.using(agent.language, agent.timezone)


def token(request: HTTPConnection) -> str:
    return request.cookies.get(cookie_name(request), "")


def remember(request: Request, response: Response, token: str) -> None:
    """Hand the browser its token."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=state.parts(request).settings.session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=_secure(request),
    )


def forget(request: Request, response: Response) -> None:
    response.delete_cookie(cookie_name(request), secure=_secure(request), httponly=True, samesite="lax")


def cookie_name(connection: HTTPConnection) -> str:
    """With https the `__Host-` prefix keeps other hosts of the domain from planting one."""
    return "__Host-helpdesk" if _secure(connection) else "helpdesk"


def safe_next(target: str) -> str:
    """A path on this host, or the inbox: a sign-in never leads elsewhere."""
    parts = urlsplit(target)
    fine = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
    )
    return target if fine and target.isprintable() and "\\" not in target else "/"


def to_sign_in(request: Request) -> Response:
    """Off to the sign-in page and, after it, back."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("hx-request") == "true":
        seen = urlsplit(request.headers.get("hx-current-url", "/"))
        here = seen.path + (f"?{seen.query}" if seen.query else "")
        return Response(status_code=401, headers={"HX-Redirect": f"/login?next={quote(safe_next(here))}"})
    back = safe_next(here) if request.method == "GET" else "/"
    return RedirectResponse("/login" if back == "/" else f"/login?next={quote(back)}", 303)


def _enter_and_call(handler: Handler, request: Request, right: str) -> Response:
    enter(request, right)
    with reader(request):
        return cast(Response, handler(request))


def _secure(connection: HTTPConnection) -> bool:
    return connection.url.scheme in ("https", "wss")

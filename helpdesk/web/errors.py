"""The error tree as answers, mapped once: a page that says what to do, or for htmx a notice."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from sqlalchemy.exc import DataError, OperationalError, StatementError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from helpdesk import errors, i18n
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.web import auth, render, state

log = structlog.get_logger("helpdesk.web")

STATUS = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.LimitExceeded: 422,
    errors.Misconfigured: 503,
    errors.SendFailed: 502,
    errors.HelpdeskError: 400,
}
TITLES = {
    400: lazy("That did not work"),
    401: lazy("Please sign in"),
    403: lazy("You may not do this"),
    404: lazy("Nothing is here"),
    405: lazy("That did not work"),
    409: lazy("Somebody was faster"),
    413: lazy("That is too large"),
    422: lazy("Something in the form is not right"),
    429: lazy("Too many attempts"),
    500: lazy("Something broke on our side"),
    502: lazy("The other server did not answer"),
    503: lazy("The helpdesk is not ready"),
}
WORDS = {
    400: lazy("The request could not be understood. Go back, load the page again and retry."),
    403: lazy("Load the page again and retry. If it stays like this, ask an administrator."),
    404: lazy("The page may have moved, or it belongs to a brand that you may not see."),
    405: lazy("The request could not be understood. Go back, load the page again and retry."),
    413: lazy("Send a smaller file, or several smaller ones."),
    429: lazy("Wait a few minutes and try again."),
    500: lazy(
        "Nothing you wrote is lost on the previous page: go back and try again. "
        "If it stays, tell your administrator the number below."
    ),
    503: lazy("Try again in a minute. If it stays, ask an administrator to run: helpdesk doctor"),
}


SCRIPTS = re.compile(r"/tickets/[^/]+/(?:draft|files|language)(?:/|$)")  # only our scripts ask here


def handlers() -> dict[Any, Callable[[Request, Any], Awaitable[Response]]]:
    return {
        auth.SignInRequired: _sign_in,
        errors.HelpdeskError: _known,
        HTTPException: _http,
        OperationalError: _database,
        DataError: _unstorable,
        OverflowError: _unstorable,
        StatementError: _statement,
    }


async def _sign_in(request: Request, _error: auth.SignInRequired) -> Response:
    return auth.to_sign_in(request)


async def _known(request: Request, error: errors.HelpdeskError) -> Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    with _reader(request):
        return answer(request, status, i18n.told(error))


async def _http(request: Request, error: HTTPException) -> Response:
    return answer(request, error.status_code, "", headers=dict(error.headers or {}))


async def _database(request: Request, error: OperationalError) -> Response:
    log.error("database failed", path=request.url.path, exc_info=error)
    return answer(request, 503, "")


async def _unstorable(request: Request, error: DataError | OverflowError) -> Response:
    """Longer, larger or stranger than its column: nothing that a page of ours would have sent."""
    log.warning("a value does not fit", path=request.url.path, exc_info=error)
    return answer(request, 400, "")


async def _statement(request: Request, error: StatementError) -> Response:
    """What failed before it reached the database; other than a value too large it is a bug."""
    if not isinstance(error.orig, OverflowError):
        raise error
    return await _unstorable(request, error.orig)


def answer(request: Request, status: int, words: str, *, headers: dict[str, str] | None = None) -> Response:
    """The page for a failure; `words` are in the reader's language already."""
    with _reader(request):
        title = _(TITLES.get(status, TITLES[400]))
        said = _sentence(words) if words else _(WORDS.get(status, WORDS[400]))
        if not request.url.path.startswith(("/hooks/", "/healthz", "/readyz", "/metrics")):
            return _page(request, status, title, said, headers or {})
    return PlainTextResponse(f"{said}\n", status, headers)


def _page(request: Request, status: int, title: str, said: str, headers: dict[str, str]) -> Response:
    if SCRIPTS.match(request.url.path):
        return JSONResponse({"error": said}, status, headers)
    if request.headers.get("hx-request") == "true":
        told = json.dumps({"notice": {"text": said, "kind": "error"}})
        return PlainTextResponse(said, status, {**headers, "HX-Trigger": told, "HX-Reswap": "none"})
    response = render.page(
        request,
        "errors/show.html",
        status=status,
        title=title,
        words=said,
        number=getattr(request.state, "request_id", "") if status >= 500 else "",
    )
    response.headers.update(headers)
    return response


def _reader(request: Request) -> Any:
    agent = state.find_agent(request)
    return auth.reader(request) if agent else i18n.using(i18n.language(), str(i18n.timezone()))


def _sentence(text: str) -> str:
    """Errors are written in lower case for the command line; on a page they are sentences."""
    text = text[:1].upper() + text[1:]
    return (
        text if text.endswith((".", "。", "?", "!")) else f"{text}{'。' if i18n.language() == 'ja' else '.'}"
    )

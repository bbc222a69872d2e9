"""Answers to pages of other sites: JSON with a reason, readable by the origins that the widget's owner allows alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.chat import visitors
from helpdesk.chat.accounts import Widget
from helpdesk.errors import Conflict, HelpdeskError, Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.models import Visitor
from helpdesk.store.db import Unit
from helpdesk.web import state
from helpdesk.web.quota import Quota
from helpdesk.web.reception import Reception
from helpdesk.web.state import Parts

STATUS = {NotFound: 404, Invalid: 422, Conflict: 409}
ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "7200",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, on which widget."""

    request: Request
    parts: Parts
    desk: Reception
    quota: Quota
    widget: Widget

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    @property
    def token(self) -> str:
        kind, _space, value = self.request.headers.get("authorization", "").partition(" ")
        return value.strip() if kind.lower() == "bearer" else ""

    def find_visitor(self, unit: Unit) -> Visitor | None:
        return visitors.find_proved(unit, self.widget, self.token, self.parts.seal)

    def require_quota(self, limit: str, *names: str) -> None:
        if not self.quota.allows(limit, *names, str(self.widget.id)):
            raise HTTPException(429, _("Wait a few minutes and try again."))


Handler = Callable[[Asking], Awaitable[Response]]


def from_shops(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Knows the widget by ?brand=, refuses other origins, and answers every failure in JSON."""

    async def answer(request: Request) -> Response:
        headers = {"Vary": "Origin", "Cross-Origin-Resource-Policy": "cross-origin"}
        try:
            desk = cast(Reception, request.app.state.reception)
            widget, allowed = await run_in_threadpool(_known, request, desk)
            headers |= allowed
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=headers | ALLOWED)
            language = _language(request, widget)
            asking = Asking(request, state.parts(request), desk, request.app.state.quota, widget)
            with i18n.using(language, widget.timezone):
                response = await handler(asking)
        except HelpdeskError as error:
            status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
            response = _problem(status, error.code, i18n.told(error))
        except HTTPException as error:
            response = _problem(error.status_code, "refused", error.detail)
        response.headers.update(headers)
        return response

    return answer


def _known(request: Request, desk: Reception) -> tuple[Widget, dict[str, str]]:
    """The widget, and the header by which its page may read the answer. Raises HTTPException for another site's."""
    origin, key = request.headers.get("origin"), request.query_params.get("brand", "")
    if not desk.allows(key, origin, host=request.headers.get("host", "")):
        raise HTTPException(403, _("this chat does not belong to this site; add it to the allowed origins"))
    return desk.widget(key), {"Access-Control-Allow-Origin": origin} if origin else {}


def _language(request: Request, widget: Widget) -> str:
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    found = asked.strip().lower()[:2]
    return found if found in i18n.LANGUAGES else widget.language


def _problem(status: int, code: str, text: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "text": text}}, status)

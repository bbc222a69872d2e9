"""POST /settings/theme: light, dark or as the system, straight from the account menu."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.people import accounts
from helpdesk.web import auth, forms, render, state

YEAR = 31_536_000  # seconds


def update(request: Request) -> Response:
    """The choice belongs to the agent; the cookie lets the sign-in page look the same."""
    form = forms.of(request)
    chosen, back = form.value("theme"), auth.safe_next(form.value("next", "/"))
    theme = chosen if chosen in accounts.THEMES else accounts.THEMES[0]
    with state.parts(request).database.write() as unit:
        accounts.get_by_id(unit, state.agent(request).pk).theme = theme
    response = Response(status_code=204) if render.wants_part(request) else render.redirect(request, back)
    response.set_cookie("theme", theme, max_age=YEAR, samesite="lax", httponly=True)
    return response

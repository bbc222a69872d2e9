"""/login and /logout. An unknown address costs as much time and says the same as a wrong password."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helpdesk.i18n import LANGUAGES
from helpdesk.i18n import gettext as _
from helpdesk.models import Agent
from helpdesk.people import accounts, sign_in
from helpdesk.web import auth, forms, metrics, render, state, trail

AT_ONCE = 2  # argon2 takes 64 MB and a core for each


def show(request: Request) -> Response:
    language = request.query_params.get("language", "")
    if language in LANGUAGES:
        response = RedirectResponse(request.url.remove_query_params("language").path, 303)
        response.set_cookie("language", language, max_age=31_536_000, samesite="lax", httponly=True)
        return response
    if auth.find(request) is not None:
        return RedirectResponse(auth.safe_next(request.query_params.get("next", "/")), 303)
    return render.page(request, "login/show.html", form=forms.of(request), next=_next(request), problem="")


async def create(request: Request) -> Response:
    form = forms.of(request)
    email, password = form.text("email", most=254).lower(), form.secret("password")
    address = request.client.host if request.client else ""
    throttle = request.app.state.throttle
    if not throttle.allows(address, email):
        metrics.sign_ins.labels("throttled").inc()
        return await _again(request, _("Too many attempts. Wait a quarter of an hour and try again."), 429)
    agent = await run_in_threadpool(_find, request, email)
    stored = agent.password_hash if agent and agent.active else None
    right = await to_thread.run_sync(_verify, request, stored, password, limiter=_limiter(request))
    if agent is None or not right:
        metrics.sign_ins.labels("refused").inc()
        await run_in_threadpool(_refused, request, agent, email)
        return await _again(request, _("The address or the password is not right."), 422)
    throttle.forgive(address, email)
    metrics.sign_ins.labels("accepted").inc()
    return await run_in_threadpool(let_in, request, agent, form.value("next", "/"))


def destroy(request: Request) -> Response:
    """Sign out of this browser."""
    who = auth.find(request)
    with state.parts(request).database.write() as unit:
        sign_in.end(unit, auth.token(request))
        if who:
            trail.note(request, unit, "signed_out", by=who.agent)
    response = render.redirect(request, "/login", notice=_("You are signed out."), kind="info")
    auth.forget(request, response)
    return response


def let_in(request: Request, agent: Agent, to: str) -> Response:
    """A new sign-in for this browser; an old one of it ends."""
    parts = state.parts(request)
    with parts.database.write() as unit:
        if old := auth.token(request):
            sign_in.end(unit, old)
        token = sign_in.start(
            unit, agent, user_agent=request.headers.get("user-agent", ""), days=parts.settings.session_days
        )
        trail.note(request, unit, "signed_in", by=agent)
    response = RedirectResponse(auth.safe_next(to), 303)
    auth.remember(request, response, token)
    return response


def _find(request: Request, email: str) -> Agent | None:
    with state.parts(request).database.read() as unit:
        return accounts.find_by_email(unit, email)


def _refused(request: Request, agent: Agent | None, email: str) -> None:
    with state.parts(request).database.write() as unit:
        trail.note(request, unit, "sign_in_refused", by=agent, account=email)


def _verify(request: Request, stored: str | None, password: str) -> bool:
    return state.parts(request).passwords.verify(stored, password)


def _limiter(request: Request) -> CapacityLimiter:
    if not hasattr(request.app.state, "hashing"):
        request.app.state.hashing = CapacityLimiter(AT_ONCE)
    found: CapacityLimiter = request.app.state.hashing
    return found


async def _again(request: Request, problem: str, status: int) -> Response:
    return await run_in_threadpool(
        render.page,
        request,
        "login/show.html",
        status=status,
        form=forms.of(request),
        next=_next(request),
        problem=problem,
    )


def _next(request: Request) -> str:
    return auth.safe_next(forms.of(request).value("next") or request.query_params.get("next", "/"))

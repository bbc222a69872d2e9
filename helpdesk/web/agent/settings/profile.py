"""/settings/profile: what an agent decides alone, the password, and the browsers that are signed in."""

from __future__ import annotations

import zoneinfo
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.people import accounts, sign_in
from helpdesk.people.passwords import SHORTEST
from helpdesk.web import auth, forms, render, state, trail

HERE = "/settings/profile"
AFTER_CLOSE = ("next", "list", "stay")
UNDO_SECONDS = ("0", "5", "10", "20", "30", "60")


def show(request: Request, status: int = 200) -> Response:
    agent = state.agent(request)
    with state.parts(request).database.read() as unit:
        browsers = sign_in.list_sign_ins(unit, agent.pk)
        current = sign_in.find(unit, auth.token(request))
    return render.page(
        request,
        "agent/settings/profile.html",
        status=status,
        form=forms.of(request),
        browsers=browsers,
        current=current.sign_in_id if current else None,
        timezones=timezones(),
        shortest=SHORTEST,
        undo_choices=UNDO_SECONDS,
    )


def update(request: Request) -> Response:
    form = forms.of(request)
    name, signature = (
        form.text("name", most=120, required=True),
        form.text("signature", most=2000, lines=True),
    )
    language, theme = form.choice("language", i18n.LANGUAGES), form.choice("theme", accounts.THEMES)
    timezone = form.choice("timezone", timezones())
    preferences = {
        "after_close": form.choice("after_close", AFTER_CLOSE, "next"),
        "undo_seconds": int(form.choice("undo_seconds", UNDO_SECONDS, "10")),
        "sound": form.flag("sound"),
        "desktop": form.flag("desktop"),
    }
    if not form:
        return show(request, 422)
    with state.parts(request).database.write() as unit:
        agent = accounts.get_by_id(unit, state.agent(request).pk)
        accounts.change_profile(
            unit,
            agent,
            name=name,
            language=language,
            timezone=timezone,
            theme=theme,
            signature=signature,
            preferences=preferences,
        )
    with i18n.using(language, timezone):
        return render.redirect(request, HERE, notice=_("Your profile is saved."))


def change_password(request: Request) -> Response:
    """The old password is asked for, so that a borrowed browser is not enough."""
    form, parts, agent = forms.of(request), state.parts(request), state.agent(request)
    if not request.app.state.throttle.allows("password", agent.email):
        form.errors["current"] = _("Too many attempts. Wait a quarter of an hour and try again.")
    elif not parts.passwords.verify(agent.password_hash, form.secret("current")):
        form.errors["current"] = _("This is not your password.")
    try:
        hashed = parts.passwords.hash(form.secret("password"))
    except Invalid as error:
        form.reject(error)
    if not form:
        return show(request, 422)
    with parts.database.write() as unit:
        accounts.set_password(unit, accounts.get_by_id(unit, agent.pk), hashed, keep=auth.token(request))
        trail.note(request, unit, "password_changed")
    request.app.state.throttle.forgive("password", agent.email)
    return render.redirect(request, HERE, notice=_("The password is changed; other browsers are signed out."))


def sign_out_others(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        sign_in.end_others(unit, state.agent(request).pk, keep=auth.token(request))
        trail.note(request, unit, "signed_out_elsewhere")
    return render.redirect(request, HERE, notice=_("All other browsers are signed out."))


@cache
def timezones() -> tuple[str, ...]:
    """Region/City names, the usual one first."""
    names = sorted(
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    )
    return ("Asia/Tokyo", "UTC", *(name for name in names if name != "Asia/Tokyo"))

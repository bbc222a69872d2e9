"""/settings/widgets/{key}/install: the tag for the shop's pages, who may carry it, and signed identities."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.chat.config import ANY, plain_origin
from helpdesk.chat import upkeep
from helpdesk.i18n import gettext as _
from helpdesk.web import forms, render, state
from helpdesk.web.agent.settings.widgets import frame

MOST_ORIGINS = 50


def show(request: Request, status: int = 200, *, secret: str = "") -> Response:
    """`secret` is shown this once."""
    parts, opened = state.parts(request), frame.open_one(request)
    base = parts.settings.base_url.rstrip("/")
    socket = urlsplit(base)._replace(scheme="wss" if base.startswith("https:") else "ws").geturl()
    return frame.page(
        request,
        "install",
        opened,
        status,
        origins="\n".join(sorted(opened.config.origins)),
        tag=f'<script async src="{base}/widget.js" data-brand="{opened.account.address}"></script>',
        policy=f"script-src {base}; connect-src {base} {socket}",
        secret=secret,
        in_use=upkeep.secrets_in_use(opened.account, parts.seal),
    )


def update(request: Request) -> Response:
    """The sites that may carry the widget."""
    form = forms.of(request)
    given = form.value("origins").replace(",", " ").split()
    found = [one if one == ANY else plain_origin(one) for one in given]
    if wrong := [one for one, plain in zip(given, found, strict=True) if not plain]:
        form.errors["origins"] = _(
            "%(origin)s is no address like https://shop.example.", origin=wrong[0][:100]
        )
    elif len(found) > MOST_ORIGINS:
        form.errors["origins"] = _("At most %(most)s sites.", most=MOST_ORIGINS)
    if not form:
        return show(request, 422)
    opened = frame.save(request, "origins", {"origins": list(dict.fromkeys(found))})
    return render.redirect(request, f"{opened.path}/install", notice=_("The widget is saved."))


def renew_secret(request: Request) -> Response:
    """The one answer that shows it."""
    parts = state.parts(request)
    with parts.database.write() as unit:
        opened = frame.find(request, unit)
        secret = upkeep.renew_secret(unit, parts.seal, opened.account)
        frame.note(request, unit, opened, "widget_secret_made")
    return show(request, secret=secret)


def end_secret(request: Request) -> Response:
    parts = state.parts(request)
    with parts.database.write() as unit:
        opened = frame.find(request, unit)
        upkeep.end_old_secret(unit, parts.seal, opened.account)
        frame.note(request, unit, opened, "widget_secret_ended")
    return render.redirect(
        request, f"{opened.path}/install", notice=_("The old secret proves nothing any more.")
    )


def switch(request: Request) -> Response:
    on = forms.of(request).flag("on")
    with state.parts(request).database.write() as unit:
        opened = frame.find(request, unit)
        upkeep.switch(unit, opened.account, on=on)
        frame.note(request, unit, opened, "widget_switched", on=on)
    words = (
        _("The widget is on again.") if on else _("The widget is off; conversations stay and go on by mail.")
    )
    return render.redirect(request, f"{opened.path}/install", notice=words, kind="ok" if on else "info")

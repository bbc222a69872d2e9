"""/settings/widgets/{key}/talk: when it is open, who takes the chats, what is asked before."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.chat.config import ASSIGN, PRESENCE
from helpdesk.channels.chat.flow_check import is_page
from helpdesk.errors import NotFound
from helpdesk.i18n import LANGUAGES
from helpdesk.i18n import gettext as _
from helpdesk.people import teams
from helpdesk.web import forms, render, state
from helpdesk.web.agent.settings.widgets import frame, hours_form, prechat_form


def show(request: Request, status: int = 200, *, fields: list[dict[str, Any]] | None = None) -> Response:
    opened, form = frame.open_one(request), forms.of(request)
    with state.parts(request).database.read() as unit:
        found = teams.list_teams(unit, (opened.account.brand_id,))
    if fields is None:
        fields = prechat_form.read(form) if form.data else [dict(one) for one in opened.config.prechat]
    return frame.page(
        request,
        "talk",
        opened,
        status,
        teams=[one.team for one in found],
        hours=hours_form.shown(opened.config.hours),
        days=hours_form.days(),
        fields=[prechat_form.shown(one) for one in fields],
        kinds=prechat_form.KINDS,
        most_fields=prechat_form.MOST,
    )


def update(request: Request) -> Response:
    """Saves, or shows the form with a field more or less where a button said so."""
    form = forms.of(request)
    if (do := form.value("do", "save")) != "save":
        fields = prechat_form.arranged(form, do)
        form.errors.clear()  # nobody asked to save yet
        return show(request, fields=fields)
    given = read(form) | {"team": _team(request, form)}
    if not form:
        return show(request, 422)
    opened = frame.save(request, "talk", given)
    return render.redirect(request, f"{opened.path}/talk", notice=_("The widget is saved."))


def read(form: forms.Form) -> dict[str, Any]:
    return {
        "hours": hours_form.read(form),
        "presence": form.choice("presence", PRESENCE, PRESENCE[0]),
        "assign": form.choice("assign", ASSIGN, ASSIGN[0]),
        "orders": form.flag("orders"),
        "order_example": form.text("order_example", most=40),
        "prechat": prechat_form.read(form),
        "consent": _consent(form),
    }


def _consent(form: forms.Form) -> dict[str, Any]:
    texts = {language: form.text(f"consent_{language}", most=300) for language in LANGUAGES}
    url = form.text("consent_url", most=500)
    if url and not is_page(url):
        form.errors["consent_url"] = _("An address begins with https://.")
    said = {language: text for language, text in texts.items() if text}
    return {"texts": said, "url": url} if said else {}


def _team(request: Request, form: forms.Form) -> str:
    """A team of this brand, "" for everybody."""
    if not (key := form.value("team")):
        return ""
    opened = frame.open_one(request)
    try:
        with state.parts(request).database.read() as unit:
            team = teams.get_team(unit, state.access(request), key)
    except NotFound:
        team = None
    if team is None or team.brand_id != opened.account.brand_id:
        form.errors["team"] = _("Please choose one of the list.")
    return key

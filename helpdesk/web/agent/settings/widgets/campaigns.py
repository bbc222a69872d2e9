"""/settings/widgets/{key}/campaigns: what the widget says by itself, when, and how often."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.chat import campaigns, flows
from helpdesk.channels.chat.wording import pick
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import LANGUAGES, language, lazy
from helpdesk.i18n import gettext as _
from helpdesk.web import forms, render
from helpdesk.web.agent.settings.widgets import frame
from helpdesk.web.agent.settings.widgets.frame import Opened

MOST = 20
NEW: dict[str, Any] = {
    "key": "",
    "active": True,
    "name": "",
    "texts": {},
    "buttons": {},
    "flow": "",
    "when": {},
    "every_days": 7,
}


def index(request: Request) -> Response:
    opened = frame.open_one(request)
    found = _all(opened)
    return frame.page(request, "campaigns", opened, campaigns=found, full=len(found) >= MOST)


def new(request: Request, status: int = 200) -> Response:
    return _editor(request, frame.open_one(request), NEW, status)


def create(request: Request) -> Response:
    opened = frame.open_one(request)
    found = _all(opened)
    key = _free({one["key"] for one in found})
    try:
        campaign = read(forms.of(request), opened, key)
        if not forms.of(request) or len(found) >= MOST:
            return new(request, 422)
    except Invalid as error:
        forms.of(request).reject(error)
        return new(request, 422)
    return _saved(request, opened, [*found, campaign], campaign)


def show(request: Request, status: int = 200) -> Response:
    opened = frame.open_one(request)
    return _editor(request, opened, _get(opened, request.path_params["campaign"]), status)


def update(request: Request) -> Response:
    opened, form = frame.open_one(request), forms.of(request)
    known = _get(opened, request.path_params["campaign"])
    try:
        campaign = read(form, opened, known["key"])
    except Invalid as error:
        form.reject(error)
        return show(request, 422)
    if not form:
        return show(request, 422)
    found = [campaign if one["key"] == campaign["key"] else one for one in _all(opened)]
    return _saved(request, opened, found, campaign)


def destroy(request: Request) -> Response:
    opened = frame.open_one(request)
    gone = _get(opened, request.path_params["campaign"])["key"]
    frame.save(
        request, f"campaign {gone}", {"campaigns": [one for one in _all(opened) if one["key"] != gone]}
    )
    return render.redirect(
        request, f"{opened.path}/campaigns", notice=_("The campaign is deleted; its numbers stay.")
    )


def read(form: forms.Form, opened: Opened, key: str) -> dict[str, Any]:
    """Raises Invalid; complaints about single fields stand in the form."""
    when: dict[str, Any] = {"url": form.text("url", most=300), "language": form.value("language")}
    for name, most in campaigns.NUMBERS.items():
        number = form.integer(name, most=most)
        when[name] = number if name not in form.errors else 0
    for name in campaigns.FLAGS:
        when[name] = form.flag(name)
    flow = form.choice("flow", ("", *(flows.normal(one)["key"] for one in opened.config.flows)))
    days = form.integer("every_days", least=1, most=campaigns.MOST_DAYS, default=7)
    name = form.text("name", most=80, required=True)
    return campaigns.normal(
        {
            "key": key,
            "active": form.flag("active"),
            "name": name,
            "texts": {one: form.text(f"text_{one}", most=campaigns.LONGEST, lines=True) for one in LANGUAGES},
            "buttons": {one: form.text(f"button_{one}", most=campaigns.LONGEST_BUTTON) for one in LANGUAGES},
            "flow": flow,
            "when": when,
            "every_days": days if "every_days" not in form.errors else 7,
        }
    )


def _saved(
    request: Request, opened: Opened, found: list[dict[str, Any]], campaign: dict[str, Any]
) -> Response:
    frame.save(request, f"campaign {campaign['key']}", {"campaigns": found})
    return render.redirect(
        request, f"{opened.path}/campaigns/{campaign['key']}", notice=_("The campaign is saved.")
    )


def _editor(request: Request, opened: Opened, campaign: dict[str, Any], status: int) -> Response:
    known = [flows.normal(one) for one in opened.config.flows]
    return frame.page(
        request,
        "campaign",
        opened,
        status,
        campaign=campaign,
        flows=[(flow["key"], pick(flow["titles"], language())) for flow in known],
        most=campaigns,
    )


def _all(opened: Opened) -> list[dict[str, Any]]:
    return [{**NEW, **one} for one in opened.config.campaigns]


def _get(opened: Opened, key: str) -> dict[str, Any]:
    found = next((one for one in _all(opened) if one["key"] == key), None)
    if found is None:
        raise NotFound(lazy("there is no such campaign"))
    return found


def _free(taken: set[str]) -> str:
    return next(key for number in range(1, len(taken) + 2) if (key := f"campaign-{number}") not in taken)

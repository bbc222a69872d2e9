"""/settings/channels/{key}/templates: texts that the provider has approved, or not, as it last listed them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.social import templates
from helpdesk.web import render, state
from helpdesk.web.agent.settings.channels import frame

STATES = {
    "approved": (lazy("approved"), "green"),
    "pending": (lazy("is looked at"), "blue"),
    "rejected": (lazy("rejected"), "red"),
    "paused": (lazy("paused"), "amber"),
    "disabled": (lazy("disabled"), "red"),
}


def index(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        opened = frame.find(request, unit)
        frame.require_templates(opened.account)
        found = templates.list_templates(unit, opened.account, approved=False)
    return frame.page(
        request,
        "templates",
        opened,
        found=found,
        states=STATES,
        preview=templates.preview,
        is_simple=templates.is_simple,
    )


def sync(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        frame.require_templates(account)
        templates.sync_soon(unit, account)
    path = f"{frame.HERE}/{request.path_params['key']}/templates"
    return render.redirect(
        request, path, notice=_("The templates are read anew; look again in a moment."), kind="info"
    )

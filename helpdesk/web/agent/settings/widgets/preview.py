"""/settings/widgets/{key}/preview: the widget itself in a frame that reaches nothing of ours.

The frame's own script answers what the widget asks of a server, so that trying it out makes no visitor, no ticket and
no count. Posted to, it shows a form as it is being filled in; nothing is saved.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from helpdesk import i18n
from helpdesk.channels.chat.config import chat_config
from helpdesk.channels.chat.told import tell
from helpdesk.channels.protocol import Account
from helpdesk.errors import Invalid
from helpdesk.web import assets, forms, render
from helpdesk.web.agent.settings.widgets import campaigns, flow_form, frame, look, talk
from helpdesk.web.agent.settings.widgets.frame import Opened

SCRIPT, STYLE = "js/frame/widget-preview.js", "css/frame/widget-preview.css"


def show(request: Request) -> Response:
    opened, form = frame.open_one(request), forms.of(request)
    language = form.value("lang") or request.query_params.get("lang", "")
    language = language if language in i18n.LANGUAGES else i18n.language()
    part, asked = form.value("part"), request.query_params
    saved = asked.get("campaign", "")
    config = _config(opened, form, part, language, saved=saved)
    told = {
        "config": config,
        "flow": _title(config["flows"], "preview" if part == "flow" else asked.get("flow", "")),
        "open": part != "campaign" and not saved,
        "lang": language,
        "brand": opened.account.address,
    }
    nonce = secrets.token_urlsafe(12)
    html = render.text(
        request,
        "agent/settings/widgets/preview.html",
        nonce=nonce,
        told=Markup(json.dumps(told).replace("<", "\\u003c")),  # noqa: S704 no tag can end it
        script=Markup(_own(SCRIPT)),  # noqa: S704 our own file
        style=Markup(_own(STYLE)),  # noqa: S704
        address=opened.account.address,
        lang=language,
        shop=opened.brand.name,
    )
    headers = {"Content-Security-Policy": policy(request, nonce), "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(html, headers=headers)


def _title(flows: list[dict[str, Any]], key: str) -> str:
    """Of the flow that is walked into, "" for the first page."""
    return next((str(one["title"]) for one in flows if one["key"] == key), "")


def policy(request: Request, nonce: str) -> str:
    """A page of nobody: scripts run, but none of them is of our origin."""
    host = f"{request.url.scheme}://{request.url.netloc}"
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' {host}; style-src 'nonce-{nonce}'; connect-src {host}; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-forms"
    )


def _config(opened: Opened, form: forms.Form, part: str, language: str, *, saved: str = "") -> dict[str, Any]:
    """Of campaigns only the one that is looked at, at once."""
    account = opened.account
    shown = [_at_once(one) for one in opened.config.campaigns if saved and one.get("key") == saved]
    config = {**account.config, "campaigns": shown, **_unsaved(opened, form, part)}
    name = (form.value("name") if part == "look" else "") or account.name or opened.brand.name
    read = chat_config(Account(account.pk, account.kind, account.address, name, config, {}))
    rest = {"open": True, "agents_online": 2, "wait": 90, "hours": "", "max_upload": 10_000_000}
    return tell(read, name, language) | rest


def _unsaved(opened: Opened, form: forms.Form, part: str) -> dict[str, Any]:
    """What stands in the form now; what cannot be taken yet is shown as it was saved."""
    if part == "look":
        given = look.read(form)
        return {name: value for name, value in given.items() if name not in form.errors}
    if part == "talk":
        given = talk.read(form)
        return {name: given[name] for name in ("prechat", "consent", "orders", "order_example")}
    if part == "flow":
        return {"flows": [flow_form.read(form, key="preview") | {"active": True}]}
    if part == "campaign":
        try:
            return {"campaigns": [_at_once(campaigns.read(form, opened, "preview"))]}
        except Invalid:
            return {}
    return {}


def _at_once(campaign: Mapping[str, Any]) -> dict[str, Any]:
    return {**campaign, "when": {}, "active": True}


def _own(path: str) -> str:
    found = assets.find(path)
    return found[0].decode() if found else ""

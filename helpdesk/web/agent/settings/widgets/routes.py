"""Every URL below /settings/widgets."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from helpdesk.web.agent.settings.widgets import campaigns, flows, install, look, pages, preview, talk
from helpdesk.web.auth import Handler, needs

HERE, ONE = "/settings/widgets", "/settings/widgets/{key}"


def widget_routes() -> list[BaseRoute]:
    return [
        _get(HERE, pages.index),
        _post(HERE, pages.create),
        _get(ONE, look.show),
        _post(ONE, look.update),
        _get(f"{ONE}/talk", talk.show),
        _post(f"{ONE}/talk", talk.update),
        _get(f"{ONE}/flows", flows.index),
        _post(f"{ONE}/flows", flows.create),
        _get(f"{ONE}/flows.json", flows.export),
        _post(f"{ONE}/flows/import", flows.take_in),
        _get(f"{ONE}/flows/{{flow}}", flows.show),
        _post(f"{ONE}/flows/{{flow}}", flows.update),
        _post(f"{ONE}/flows/{{flow}}/delete", flows.destroy),
        _get(f"{ONE}/campaigns", campaigns.index),
        _post(f"{ONE}/campaigns", campaigns.create),
        _get(f"{ONE}/campaigns/new", campaigns.new),
        _get(f"{ONE}/campaigns/{{campaign}}", campaigns.show),
        _post(f"{ONE}/campaigns/{{campaign}}", campaigns.update),
        _post(f"{ONE}/campaigns/{{campaign}}/delete", campaigns.destroy),
        _get(f"{ONE}/install", install.show),
        _post(f"{ONE}/install", install.update),
        _post(f"{ONE}/secret", install.renew_secret),
        _post(f"{ONE}/secret/end", install.end_secret),
        _post(f"{ONE}/switch", install.switch),
        _get(f"{ONE}/preview", preview.show),
        _post(f"{ONE}/preview", preview.show),
    ]


def _get(path: str, handler: Handler) -> Route:
    return Route(path, needs("settings", handler))


def _post(path: str, handler: Handler) -> Route:
    return Route(path, needs("settings", handler), methods=["POST"])

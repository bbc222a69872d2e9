"""Every URL below /settings/channels."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from helpdesk.web.agent.settings.channels import account, announcing, events, pages, templates, trial
from helpdesk.web.auth import needs

POST = ["POST"]
RIGHT = "channels"


def channel_routes() -> list[BaseRoute]:
    here, one = "/settings/channels", "/settings/channels/{key}"
    return [
        Route(here, needs(RIGHT, pages.index)),
        Route(f"{here}/new/{{kind}}", needs(RIGHT, pages.new)),
        Route(f"{here}/new/{{kind}}", needs(RIGHT, pages.create), methods=POST),
        Route(one, needs(RIGHT, account.show)),
        Route(one, needs(RIGHT, account.update), methods=POST),
        Route(f"{one}/check", needs(RIGHT, account.check), methods=POST),
        Route(f"{one}/announce", needs(RIGHT, announcing.create), methods=POST),
        Route(f"{one}/test", needs(RIGHT, trial.create), methods=POST),
        Route(f"{one}/word", needs(RIGHT, account.renew_word), methods=POST),
        Route(f"{one}/secrets/{{name}}/end", needs(RIGHT, account.end_old_secret), methods=POST),
        Route(f"{one}/templates", needs(RIGHT, templates.index)),
        Route(f"{one}/templates", needs(RIGHT, templates.sync), methods=POST),
        Route(f"{one}/pause", needs(RIGHT, account.pause), methods=POST),
        Route(f"{one}/resume", needs(RIGHT, account.resume), methods=POST),
        Route(f"{one}/remove", needs(RIGHT, account.remove), methods=POST),
        Route(f"{one}/events", needs(RIGHT, events.index)),
        Route(f"{one}/events/retry", needs(RIGHT, events.retry_all), methods=POST),
        Route(f"{one}/unsent/{{delivery}}/retry", needs(RIGHT, events.send_again), methods=POST),
        Route(f"{one}/events/{{event}}/raw", needs(RIGHT, events.raw)),
        Route(f"{one}/events/{{event}}/retry", needs(RIGHT, events.retry), methods=POST),
    ]

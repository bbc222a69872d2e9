"""POST /settings/channels/{key}/announce: the provider is told where to call us."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.channels.announce import ANNOUNCERS, announce
from helpdesk.channels.opening import opened
from helpdesk.channels.protocol import Account
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.social import accounts, health
from helpdesk.web import render, state
from helpdesk.web.agent.settings.channels import frame


async def create(request: Request) -> Response:
    account, url = await run_in_threadpool(_asked, request)
    failed: HelpdeskError | None = None
    try:
        await announce(account, url)
    except HelpdeskError as error:
        failed = error
    return await run_in_threadpool(_answer, request, failed)


def _asked(request: Request) -> tuple[Account, str]:
    parts = state.parts(request)
    with parts.database.write() as unit:
        row = frame.hold(request, unit)
        if row.kind not in ANNOUNCERS:
            raise NotFound(lazy("this provider is told by hand"))
        frame.note(request, unit, row, "channel_told")
        return opened(row, parts.seal), accounts.hook_url(parts.settings, row)


def _answer(request: Request, failed: HelpdeskError | None) -> Response:
    with state.parts(request).database.write() as unit:
        health.look_again(unit, frame.hold(request, unit))
    back = f"{frame.HERE}/{request.path_params['key']}"
    if failed:
        return render.redirect(request, back, notice=i18n.told(failed), kind="error")
    return render.redirect(request, back, notice=_("The provider took it."))

"""POST /settings/channels/{key}/test: one real message, by the way that answers go."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.i18n import gettext as _
from helpdesk.social.health import Tested, send_test
from helpdesk.web import forms, render, state
from helpdesk.web.agent.settings.channels import frame


async def create(request: Request) -> Response:
    parts = state.parts(request)
    account_id, to = await run_in_threadpool(_asked, request)
    tested = await send_test(parts.database, parts.seal, account_id, to)
    return await run_in_threadpool(_answer, request, tested)


def _asked(request: Request) -> tuple[int, str]:
    """Whom it goes to; that it was sent is in the audit log."""
    to = forms.of(request).text("to", most=320)
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        frame.note(request, unit, account, "channel_tested", to=to)
    return account.pk, to


def _answer(request: Request, tested: Tested) -> Response:
    if render.wants_part(request):
        return render.fragment(request, "agent/settings/channels/_tested.html", tested=tested)
    back = f"{frame.HERE}/{request.path_params['key']}"
    words = tested.words if tested.ok else _("Not sent: %(words)s", words=tested.words)
    return render.redirect(request, back, notice=words, kind="ok" if tested.ok else "error")

"""POST /settings/mailboxes/{key}/test: ask both servers now and show what they say."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from helpdesk import mailboxes
from helpdesk.channels.email.config import MailboxConfig, mailbox_config
from helpdesk.channels.email.oauth import Tokens
from helpdesk.channels.email.probe import Finding, probe
from helpdesk.channels.opening import opened
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.web import render, state


async def create(request: Request) -> Response:
    try:
        config = await run_in_threadpool(_config, request)
        findings = await probe(config, Tokens())
    except NotFound:
        raise
    except HelpdeskError as error:
        findings = [Finding("", False, error.text)]
    return await run_in_threadpool(_answer, request, findings)


def _config(request: Request) -> MailboxConfig:
    parts = state.parts(request)
    with parts.database.read() as unit:
        account = mailboxes.get(unit, state.access(request), request.path_params["key"])
        return mailbox_config(opened(account, parts.seal))


def _answer(request: Request, findings: list[Finding]) -> Response:
    if render.wants_part(request):
        return render.fragment(request, "agent/settings/_findings.html", findings=findings)
    words = " · ".join(f"{one.server.upper()} {one.words}".strip() for one in findings)
    good = all(one.good for one in findings)
    back = f"/settings/mailboxes/{request.path_params['key']}"
    return render.redirect(request, back, notice=words or "–", kind="ok" if good else "error")

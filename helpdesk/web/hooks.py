"""POST /hooks/mime/{key}: a raw mail from a provider or a mail server, stored before it is acknowledged.

The token of the mailbox comes as `Authorization: Bearer …` or as the password of HTTP Basic, which is what
mail providers can send.
"""

from __future__ import annotations

import base64
import binascii

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import mailboxes
from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.intake import journal
from helpdesk.web import state


async def mime(request: Request) -> Response:
    await run_in_threadpool(_check, request)
    raw = await request.body()
    if not raw.strip():
        raise HTTPException(400)
    return await run_in_threadpool(_record, request, raw)


def _check(request: Request) -> None:
    """Before the body is read: nobody without the token makes us hold fifty megabytes."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        account = mailboxes.find_by_key(unit, request.path_params["key"])
    if account is None:
        raise NotFound(lazy("there is no mailbox with this key; copy the address from the settings again"))
    if not mailboxes.may_hook(parts.seal, account, _token(request)):
        raise HTTPException(401, headers={"WWW-Authenticate": 'Basic realm="mail hook"'})


def _record(request: Request, raw: bytes) -> Response:
    with state.parts(request).database.write() as unit:
        account = mailboxes.find_by_key(unit, request.path_params["key"])
        if account is None:
            raise NotFound(
                lazy("there is no mailbox with this key; copy the address from the settings again")
            )
        event = journal.record(unit, account, raw, meta={"via": "hook"})
    if event is None:
        return JSONResponse({"duplicate": True}, 200)
    return JSONResponse({"id": event.key}, 202)


def _token(request: Request) -> str:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""

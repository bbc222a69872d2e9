"""/hooks/{vendor}/{key}: what providers tell us. Genuine events are stored before the answer, nothing else is done."""

from __future__ import annotations

from sqlmodel import select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from helpdesk.channels.social import CHANNELS, Social
from helpdesk.channels.webhook import Call
from helpdesk.errors import Invalid
from helpdesk.intake import journal
from helpdesk.intake.journal import Arrival
from helpdesk.models import Attachment, ChannelAccount
from helpdesk.social import accounts, links
from helpdesk.web import state
from helpdesk.web.agent import attachment
from helpdesk.web.state import Parts


async def receive(request: Request) -> Response:
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    url = accounts.called_url(state.parts(request).settings, request.url.path, request.url.query)
    call = Call(body, headers, dict(request.query_params), url)
    return await run_in_threadpool(_take, request, call)


def _take(request: Request, call: Call) -> Response:
    parts, channel = state.parts(request), _channel(request)
    account = _account(request, parts)
    secrets = parts.seal.open(account.secrets)
    if not channel.hook.genuine(secrets, call):
        raise HTTPException(401)
    try:
        arrivals = [
            Arrival(one.raw, one.external_id, {"via": "hook"}) for one in channel.hook.split(call.body)
        ]
    except Invalid as error:
        return _set_aside(parts, account, call, error)
    if not arrivals:
        return JSONResponse({"events": 0})
    with parts.database.write() as unit:
        events = journal.record_many(unit, account, arrivals)
        accounts.heard(unit, account.pk)
    return JSONResponse({"events": len(arrivals), "new": sum(one is not None for one in events)})


def answer(request: Request) -> Response:
    """A provider asks whether this is really us."""
    parts, channel = state.parts(request), _channel(request)
    secrets = parts.seal.open(_account(request, parts).secrets)
    said = channel.hook.answer(secrets, dict(request.query_params))
    if said is None:
        raise HTTPException(403)
    kind = "application/json" if said.startswith("{") else "text/plain"
    return PlainTextResponse(said, media_type=kind)


def show_file(request: Request) -> Response:
    """A file of an answer, for the provider that was given its signed address."""
    parts, key = state.parts(request), request.path_params["key"]
    if not links.is_good(parts.seal, key, request.path_params["signed"], parts.database.clock()):
        raise HTTPException(404)
    with parts.database.read() as unit:
        file = unit.session.exec(select(Attachment).where(Attachment.key == key)).first()
    if file is None:
        raise HTTPException(404)
    return attachment.answer(parts.files.get(file.sha256), file.name, file.content_type, inline=True)


def _set_aside(parts: Parts, account: ChannelAccount, call: Call, error: Invalid) -> Response:
    """Genuine, but nothing we can read: kept whole, and the provider need not send it again."""
    with parts.database.write() as unit:
        event = journal.record(unit, account, call.body, meta={"via": "hook"})
        if event:
            journal.quarantine(unit, event, error.text)
        accounts.heard(unit, account.pk)
    return JSONResponse({"events": 0, "set_aside": event is not None})


def _channel(request: Request) -> Social:
    channel = CHANNELS.get(request.path_params["vendor"])
    if channel is None:
        raise HTTPException(404)
    return channel


def _account(request: Request, parts: Parts) -> ChannelAccount:
    with parts.database.read() as unit:
        account = accounts.find_by_key(unit, request.path_params["vendor"], request.path_params["key"])
    if account is None:
        raise HTTPException(404)
    return account

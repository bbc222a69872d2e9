"""/hooks/{vendor}/{key}: what providers tell us. Genuine events are stored before the answer, nothing else is done."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from helpdesk.channels.social import CHANNELS, Social
from helpdesk.channels.webhook import Call, Piece
from helpdesk.errors import Invalid
from helpdesk.intake.journal import Arrival, Told
from helpdesk.intake.rehome import MEANT
from helpdesk.models import Attachment, ChannelAccount
from helpdesk.social import accounts, links
from helpdesk.web import state
from helpdesk.web.agent import attachment
from helpdesk.web.callers import Caller, Callers
from helpdesk.web.door import Door
from helpdesk.web.state import Parts

QUICK = 65_536  # bytes that are read without a thread of their own
VIA = {"via": "hook"}
STRICT = frozenset(("messenger", "whatsapp"))  # these are sent to by the same name that calls are told under


async def receive(request: Request) -> Response:
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    url = accounts.called_url(state.parts(request).settings, request.url.path, request.url.query)
    call = Call(body, headers, dict(request.query_params), url)
    told = _at_once(request, call)
    if told is None:
        told = await run_in_threadpool(_told, request, call)
    door: Door = request.app.state.door
    await door.take(told)
    kind, words = _channel(request).thanks
    return Response(words, media_type=kind)


def _at_once(request: Request, call: Call) -> list[Told] | None:
    """What needs no query, as nearly all calls do; None for everything else."""
    callers: Callers = request.app.state.callers
    caller = callers.find_kept(request.path_params["vendor"], request.path_params["key"])
    if caller is None or len(call.body) > QUICK:
        return None
    hook = _channel(request).hook
    if not caller.proves(hook, call, state.parts(request).database.clock()):
        return None
    try:
        pieces = hook.split(call.body)
    except Invalid:
        return None
    return [_of(caller, pieces)] if all(_is_for(caller, one.kind, one.account) for one in pieces) else None


def _told(request: Request, call: Call) -> list[Told]:
    channel, caller = _channel(request), _caller(request, call)
    try:
        pieces = channel.hook.split(call.body)
    except Invalid as error:  # genuine, but nothing we can read: kept whole, and it need not be sent again
        return [Told(caller.id, caller.brand_id, [Arrival(call.body, None, VIA)], error.text)]
    if all(_is_for(caller, one.kind, one.account) for one in pieces):
        return [_of(caller, pieces)]
    return _parted(request, call, caller, pieces)


def _parted(request: Request, call: Call, caller: Caller, pieces: Sequence[Piece]) -> list[Told]:
    """One address of ours for all that an app of the provider tells: each account gets its own, nobody another's."""
    told = []
    for (kind, account), group in _by_account(pieces).items():
        home = caller if _is_for(caller, kind, account) else _find_home(request, call, kind, account)
        if home:
            told.append(_of(home, group))
        elif kind == caller.kind and kind not in STRICT:
            told.append(_of(caller, group))
        else:
            reason = f"this is for {kind or 'an unknown channel'} {account}, which is not connected here"
            told.append(_aside(caller, group, reason, kind, account))
    return told


def _aside(caller: Caller, group: Sequence[Piece], reason: str, kind: str, account: str) -> Told:
    """With whom it is for, so that it goes there once that account is connected."""
    meta = {**VIA, MEANT: [kind, account]}
    return Told(
        caller.id, caller.brand_id, [Arrival(one.raw, one.external_id, meta) for one in group], reason
    )


def _find_home(request: Request, call: Call, kind: str, account: str) -> Caller | None:
    """Another account, if the same secret of the provider's app proves the call for it too."""
    if kind not in CHANNELS:
        return None
    found = request.app.state.callers.list_at(kind, account)
    now = state.parts(request).database.clock()
    return next((one for one in found if one.proves(CHANNELS[kind].hook, call, now)), None)


def _is_for(caller: Caller, kind: str, account: str) -> bool:
    return kind in ("", caller.kind) and account in ("", caller.address)


def _by_account(pieces: Sequence[Piece]) -> dict[tuple[str, str], list[Piece]]:
    groups: dict[tuple[str, str], list[Piece]] = {}
    for one in pieces:
        groups.setdefault((one.kind, one.account), []).append(one)
    return groups


def _of(caller: Caller, pieces: Sequence[Piece]) -> Told:
    return Told(caller.id, caller.brand_id, [Arrival(one.raw, one.external_id, VIA) for one in pieces])


def _caller(request: Request, call: Call) -> Caller:
    """404 for an address that nobody has, 401 for what its provider did not sign."""
    parts, hook = state.parts(request), _channel(request).hook
    callers: Callers = request.app.state.callers
    for fresh in (False, True):
        found = callers.find(request.path_params["vendor"], request.path_params["key"], fresh=fresh)
        if found is None:
            raise HTTPException(404)
        if found.proves(hook, call, parts.database.clock()):
            return found
        if fresh:
            callers.refuse(found)
    raise HTTPException(401)


def answer(request: Request) -> Response:
    """A provider asks whether this is really us."""
    parts, channel = state.parts(request), _channel(request)
    account = _account(request, parts)
    said = channel.hook.answer(parts.seal.open(account.secrets), dict(request.query_params))
    if said is None:
        raise HTTPException(403)
    if account.verified_at is None:
        with parts.database.write() as unit:
            accounts.verified(unit, account.pk)
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

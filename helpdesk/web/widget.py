"""What a shop's page asks for besides the socket: the widget's settings, files, orders, a transcript."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.channels.chat.told import tell
from helpdesk.chat import availability, files, mail, orders, tokens, visitors
from helpdesk.chat.visitors import Hello
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.web import state
from helpdesk.web.agent import attachment
from helpdesk.web.cross import Asking
from helpdesk.web.static import FOR_EVER

OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
LOOK_UP_TAKES = 0.3  # seconds, whatever is found: the time tells nothing


async def config(asking: Asking) -> Response:
    """Everything that the launcher and the chat need to know before anybody has said a word."""
    widget, settings = asking.widget, asking.parts.settings
    language = i18n.language()
    wait = await run_in_threadpool(asking.desk.wait, widget)
    agents = await run_in_threadpool(asking.desk.agents, widget)
    said = tell(widget.config, widget.brand_name, language) | {
        "open": availability.is_open(widget, asking.parts.database.clock(), agents=agents),
        "agents_online": agents,
        "wait": wait,
        "hours": availability.hours_in_words(widget, language),
        "max_upload": settings.max_upload_mb * 1_000_000,
    }
    return JSONResponse(said, headers={"Cache-Control": "no-cache"})


async def upload(asking: Asking) -> Response:
    """A file that a message is going to bring along. 201 with what the message names."""
    asking.require_quota("60/10minutes", "files", asking.address)
    most = asking.parts.settings.max_upload_mb * 1_000_000
    async with asking.request.form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise Invalid("choose a file first", field="file")
        content = await sent.read(most + 1)
        name, kind = sent.filename or "file", sent.content_type or ""
    if len(content) > most:
        raise HTTPException(413, _("a file may have %(most)s MB", most=most // 1_000_000))
    stored = await run_in_threadpool(_keep, asking, content, name, kind)
    return JSONResponse(stored, 201)


def _keep(asking: Asking, content: bytes, name: str, kind: str) -> dict[str, Any]:
    seal, widget = asking.parts.seal, asking.widget
    if not tokens.is_genuine(asking.token, widget.config.key, seal):
        raise HTTPException(401, _("say hello first"))
    digest = asking.parts.files.put(content)
    token_hash = tokens.hash_of(asking.token)
    with asking.parts.database.write() as unit:
        visitor = asking.find_visitor(unit)
        if visitor is None:
            if visitors.find(unit, widget.id, token_hash):
                raise HTTPException(401, _("sign in at the shop again"))
            visitor = visitors.create(unit, widget, Hello(), token_hash)
        clean = name.replace("\x00", "").encode("utf-8", "replace").decode()
        file = files.keep(unit, visitor, name=clean, content_type=kind, size=len(content), sha256=digest)
        return files.as_data(file)


def show_logo(request: Request) -> Response:
    """The brand's picture, for whatever page carries the widget; its address changes with the picture."""
    config = request.app.state.reception.widget(request.path_params["brand"]).config
    digest = str(config.logo_file.get("sha256") or "")
    if not digest or config.logo.rpartition("/")[2] != request.path_params["digest"]:
        raise HTTPException(404)
    content = state.parts(request).files.get(digest)
    headers = OPEN | {"Cache-Control": FOR_EVER, "Content-Type": config.logo_file["content_type"]}
    return Response(content, headers=headers)


def show_file(request: Request) -> Response:
    """Who knows the key may have it; nothing in it ever runs on our origin."""
    parts = state.parts(request)
    with parts.database.read() as unit:
        file = files.get(unit, request.path_params["key"])
    response = attachment.answer(parts.files.get(file.sha256), file.name, file.content_type, inline=True)
    response.headers.update(OPEN | {"Access-Control-Allow-Headers": "Authorization"})
    return response


def allow_file(request: Request) -> Response:
    """The browser asks before it sends a token along."""
    headers = OPEN | {"Access-Control-Allow-Headers": "Authorization", "Access-Control-Max-Age": "7200"}
    return Response(status_code=204, headers=headers)


async def track(asking: Asking) -> Response:
    """The same answer in the same time for an unknown order and for somebody else's."""
    if not asking.widget.config.orders:
        raise HTTPException(404, _("orders cannot be looked up here"))
    started = time.monotonic()
    given = await given_json(asking.request)
    number, email = _word(given, "number", 60), _word(given, "email", 320)
    asking.require_quota("10/10minutes", "orders", asking.address)
    asking.require_quota("30/hour", "order", number.upper())
    found = await run_in_threadpool(_find_order, asking, number, email)
    await asyncio.sleep(max(0.0, LOOK_UP_TAKES - (time.monotonic() - started)))
    return JSONResponse({"found": True, "order": found} if found else {"found": False})


def _find_order(asking: Asking, number: str, email: str) -> dict[str, Any] | None:
    with asking.parts.database.read() as unit:
        return orders.find(unit, asking.widget.brand_id, number, email, zone=asking.widget.timezone)


async def transcript(asking: Asking) -> Response:
    email = _word(await given_json(asking.request), "email", 320)
    asking.require_quota("10/day", "transcripts", asking.address)
    await run_in_threadpool(_send_transcript, asking, email)
    return JSONResponse({"sent": True}, 202)


def _send_transcript(asking: Asking, email: str) -> None:
    with asking.parts.database.write() as unit:
        visitor = asking.find_visitor(unit)
        if visitor is None:
            raise HTTPException(401, _("say hello first"))
        asking.require_quota("3/day", "transcript", visitor.key)
        mail.send_transcript(unit, visitor.pk, email)


async def given_json(request: Request) -> Mapping[str, Any]:
    if int(request.headers.get("content-length") or 0) > 10_000:
        raise HTTPException(413, _("that is too large"))
    try:
        given = await request.json()
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid("send a JSON object")
    return given


def _word(given: Mapping[str, Any], name: str, most: int) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise Invalid("%(name)s is missing", field=name, name=name)
    return value.replace("\x00", "").encode("utf-8", "replace").decode().strip()

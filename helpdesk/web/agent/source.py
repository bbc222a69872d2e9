"""GET /messages/{key}/source: a message as it came or left, byte for byte; `?download=1` as a file."""

from __future__ import annotations

import json
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser

from sqlalchemy import select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.channels.email.mime.charset import decode
from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.inbox import reach
from helpdesk.models import Delivery, InboundEvent, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.web import render, state
from helpdesk.web.agent.attachment import disposition, first_lines

SHOWN = 400_000  # bytes; the rest is in the download
HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "Return-Path")
ENDINGS = {"email": "eml"}  # every other channel tells in JSON
PICTURES = str.maketrans({**{n: chr(0x2400 + n) for n in range(32) if n not in (9, 10)}, 127: "␡"})


def show(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        message = reach.get_message(unit, state.access(request), request.path_params["key"])
        ticket = unit.session.get_one(Ticket, message.ticket_id)
        raw = _raw(unit, message)
    if not raw:
        raise NotFound(lazy("the original of this message is not kept here"))
    if request.query_params.get("download") == "1":
        return _file(message, raw)
    return render.page(
        request,
        "agent/message/source.html",
        message=message,
        ticket=ticket,
        mail_headers=_headers(raw) if message.channel == "email" else [],
        source=_readable(first_lines(_laid_out(message, raw), SHOWN)),
        ending=ENDINGS.get(message.channel, "json"),
        size=len(raw),
        cut=len(raw) > SHOWN,
    )


def _raw(unit: Unit, message: Message) -> bytes | None:
    """What the journal keeps of an incoming mail, what was prepared for an outgoing one."""
    if message.inbound_id is not None:
        return unit.session.scalar(
            select(col(InboundEvent.raw)).where(col(InboundEvent.id) == message.inbound_id)
        )
    return unit.session.scalar(select(col(Delivery.raw)).where(col(Delivery.message_id) == message.pk))


def _file(message: Message, raw: bytes) -> Response:
    headers = {
        "Content-Disposition": disposition(f"{message.key}.{ENDINGS.get(message.channel, 'json')}"),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(raw, media_type="application/octet-stream", headers=headers)


def _laid_out(message: Message, raw: bytes) -> bytes:
    """An event of a provider comes in one line; the download has it as it came."""
    if message.channel in ENDINGS:
        return raw
    try:
        return json.dumps(json.loads(raw), ensure_ascii=False, indent=2).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return raw


def _headers(raw: bytes) -> list[tuple[str, str]]:
    """Those that a person asks about, decoded as far as they can be."""
    found = BytesHeaderParser().parsebytes(raw[:SHOWN])
    return [(name, _decoded(value)) for name in HEADERS for value in found.get_all(name, [])]


def _decoded(value: object) -> str:
    words = str(value)
    try:
        return " ".join(str(make_header(decode_header(words))).split())
    except (MessageError, LookupError, ValueError):
        return words


def _readable(raw: bytes) -> str:
    """Control characters become their pictures: nothing is hidden and nothing acts."""
    return decode(raw).text.replace("\r\n", "\n").translate(PICTURES)

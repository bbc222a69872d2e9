"""/settings/quarantine: what could not be read. Nothing is lost: it can be downloaded and tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.access import Access
from helpdesk.channels.email.mime import parse_mail
from helpdesk.channels.names import NAMES
from helpdesk.channels.social import CHANNELS as SOCIAL
from helpdesk.errors import Conflict, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.intake import rehome
from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.social.arrivals import what_of
from helpdesk.store.db import Unit
from helpdesk.web import render, state, trail
from helpdesk.web.agent.attachment import disposition
from helpdesk.web.agent.settings.channels.events import told_of

HERE = "/settings/quarantine"
SHOWN = 100
HEAD = 64_000  # bytes that are looked at for sender and subject


@dataclass(frozen=True, slots=True)
class Held:
    key: str
    sender: str
    subject: str
    reason: str
    mailbox: str
    size: int
    unfetched: bool
    received_at: datetime


def index(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        count = unit.session.scalar(select(func.count()).select_from(InboundEvent).where(*_held(access))) or 0
        rows = unit.session.execute(
            select(InboundEvent, ChannelAccount)
            .join(ChannelAccount, col(ChannelAccount.id) == InboundEvent.account_id)
            .where(*_held(access))
            .order_by(col(InboundEvent.received_at).desc())
            .limit(SHOWN)
        )
        held = [_describe(event, account) for event, account in rows]
    return render.page(request, "agent/settings/quarantine.html", held=held, count=count)


def raw(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        event = _get(unit, state.access(request), request.path_params["key"])
    headers = {
        "Content-Disposition": disposition(f"{event.key}.eml"),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(event.raw or b"", media_type="application/octet-stream", headers=headers)


def retry(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        event = _get(unit, state.access(request), request.path_params["key"])
        if _unfetched(event):
            raise Conflict(lazy("the mailbox asks its server for this message by itself; wait for it"))
        trail.note(request, unit, "quarantine_retried", brand_id=event.brand_id, messages=1)
        rehome.retry(unit, event, state.parts(request).seal)
    return render.redirect(request, HERE, notice=_("It is tried again now."), kind="info")


def retry_all(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.write() as unit:
        found = unit.session.scalars(select(InboundEvent).where(*_held(access)))
        events = [event for event in found if not _unfetched(event)]
        tried = rehome.retry_all(unit, events, state.parts(request).seal)
        if tried:
            trail.note(request, unit, "quarantine_retried", messages=tried)
    return render.redirect(request, HERE, notice=told_of(tried, len(events)), kind="info")


def _get(unit: Unit, access: Access, key: str) -> InboundEvent:
    query = select(InboundEvent).where(col(InboundEvent.key) == key, *_held(access))
    found = unit.session.scalars(query).first()
    if found is None:
        raise NotFound(lazy("this message is not in quarantine any more"))
    return found


def _held(access: Access) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(InboundEvent.state) == "quarantined", col(InboundEvent.brand_id).in_(access.brand_ids)


def _unfetched(event: InboundEvent) -> bool:
    """Whether its mail still lies on the server, which would not give it."""
    return bool(event.meta.get("unfetched"))


def _describe(event: InboundEvent, account: ChannelAccount) -> Held:
    """Sender and subject as far as they can be read: the message is here because something cannot."""
    whole = event.raw or b""
    if account.kind in SOCIAL:
        sender, subject, mailbox = _(NAMES[account.kind]), what_of(account.kind, whole), account.name
        return _held_as(event, sender, subject, mailbox or account.address)
    try:
        mail = parse_mail(whole[:HEAD])
        sender, subject = (mail.sender.address or mail.sender.name) if mail.sender else "", mail.subject
    except Exception:  # whatever it was that brought it here
        sender = subject = ""
    return _held_as(event, sender, subject, account.address)


def _held_as(event: InboundEvent, sender: str, subject: str, mailbox: str) -> Held:
    reason, size = _(event.reason) if event.reason else "", len(event.raw or b"")
    return Held(event.key, sender, subject, reason, mailbox, size, _unfetched(event), event.received_at)

"""/outbox: what has not left yet, what was kept here, what failed; each with its mail as it would be sent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.access import Access
from helpdesk.channels.email.mime import parse_mail
from helpdesk.channels.email.mime.mail import Address
from helpdesk.errors import NotFound
from helpdesk.i18n import clock, day, lazy
from helpdesk.models import Agent, ChannelAccount, Delivery, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.web import render, state

STATES = ("queued", "kept", "failed", "sent")
SHOWN = 100


def index(request: Request) -> Response:
    access = state.access(request)
    chosen = request.query_params.get("state", "")
    with state.parts(request).database.read() as unit:
        counts = _counts(unit, access)
        if chosen not in STATES:
            chosen = next((name for name in ("failed", "queued", "kept") if counts.get(name)), "queued")
        rows = _rows(unit, access, chosen)
    return render.page(
        request, "agent/outbox/index.html", rows=rows, counts=counts, chosen=chosen, states=STATES
    )


def show(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        query = _query(access).where(col(Delivery.key) == request.path_params["key"])
        found = unit.session.execute(query).first()
    if found is None:
        raise NotFound(lazy("there is no such delivery"))
    delivery, message, account, ticket, sender = found
    mail = delivery.raw if account.kind == "email" else None  # other channels have bytes of their own
    return render.page(
        request,
        "agent/outbox/show.html",
        delivery=delivery,
        message=message,
        account=account,
        ticket=ticket,
        sender=sender,
        mail_headers=_headers(mail),
        body=_body(mail) or message.text,
    )


def _counts(unit: Unit, access: Access) -> dict[str, int]:
    query = (
        select(col(Delivery.state), func.count())
        .where(col(Delivery.brand_id).in_(access.brand_ids))
        .group_by(col(Delivery.state))
    )
    return {str(name): int(count) for name, count in unit.session.execute(query)}


def _rows(unit: Unit, access: Access, name: str) -> list[object]:
    query = _query(access).where(col(Delivery.state) == name).order_by(col(Delivery.id).desc()).limit(SHOWN)
    return list(unit.session.execute(query))


def _query(access: Access):  # type: ignore[no-untyped-def]
    return (
        select(Delivery, Message, ChannelAccount, Ticket, Agent)
        .join(Message, col(Message.id) == Delivery.message_id)
        .join(ChannelAccount, col(ChannelAccount.id) == Delivery.account_id)
        .join(Ticket, col(Ticket.id) == Message.ticket_id)
        .outerjoin(Agent, col(Agent.id) == Message.agent_id)
        .where(col(Delivery.brand_id).in_(access.brand_ids))
    )


def _headers(raw: bytes | None) -> list[tuple[str, str]]:
    """The header lines that a person asks about, decoded; empty before the mail has been made."""
    if raw is None:
        return []
    mail = parse_mail(raw)
    lines = [
        ("From", _people([mail.sender] if mail.sender else [])),
        ("To", _people(mail.to)),
        ("Cc", _people(mail.cc)),
        ("Reply-To", _people(mail.reply_to)),
        ("Subject", mail.subject),
        ("Date", f"{day(mail.date)} {clock(mail.date)}" if mail.date else ""),
        ("Message-ID", mail.message_id or ""),
        ("In-Reply-To", mail.in_reply_to or ""),
    ]
    return [(name, value) for name, value in lines if value]


def _people(found: Sequence[Address]) -> str:
    return ", ".join(f"{one.name} <{one.address}>" if one.name else one.address for one in found)


def _body(raw: bytes | None) -> str:
    return parse_mail(raw).text if raw else ""

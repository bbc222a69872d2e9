"""From the rows of a reply to the parcel that is sent: the bytes are made once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import col, select

from helpdesk.channels.opening import opened
from helpdesk.channels.protocol import Account, File, Kind, Outgoing, Parcel, Person, Quote
from helpdesk.channels.social import CHANNELS as SOCIAL
from helpdesk.channels.token import token_of
from helpdesk.delivery import direct
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _
from helpdesk.models import Attachment, Brand, ChannelAccount, Delivery, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal


@dataclass(frozen=True, slots=True)
class Job:
    account: Account
    parcel: Parcel


def job(
    unit: Unit,
    delivery: Delivery,
    files: Files,
    seal: Seal,
    kinds: Mapping[str, Kind],
    *,
    public_url: str = "",
) -> Job:
    """Everything needed to send, detached from the database; stores the bytes at the first attempt."""
    message = unit.session.get_one(Message, delivery.message_id)
    row = unit.session.get_one(ChannelAccount, delivery.account_id)
    if row.kind not in kinds:
        raise Rejected(_("this version cannot send over %(kind)s; answer on another channel", kind=row.kind))
    if row.removed_at:
        raise Rejected(_("this account is not connected any more; answer by another way"))
    account, once = opened(row, seal), kinds[row.kind].traits.once
    if delivery.raw is None:
        outgoing = _outgoing(unit, delivery, message, account, files, seal)
        if row.kind in SOCIAL:
            rows = _attachments(unit, message)
            linked = [
                direct.linked(unit, *one, seal, public_url)
                for one in zip(outgoing.attachments, rows, strict=True)
            ]
            outgoing = direct.complete(
                unit, replace(outgoing, attachments=tuple(linked)), message, account, delivery
            )
        delivery.raw = kinds[row.kind].prepare(account, outgoing)
        once = once or bool(outgoing.reply_token)
    people = (*_people(message.to), *_people(message.cc), *_people(message.bcc))
    recipients = [person.address for person in people]
    waiting = tuple(dict.fromkeys(one for one in recipients if one not in delivery.accepted))
    return Job(
        account,
        Parcel(
            delivery.external_id, delivery.raw, waiting, message.automatic, tuple(delivery.accepted), once
        ),
    )


def _outgoing(
    unit: Unit, delivery: Delivery, message: Message, account: Account, files: Files, seal: Seal
) -> Outgoing:
    brand = unit.session.get_one(Brand, delivery.brand_id)
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    return Outgoing(
        id=delivery.external_id,
        sender=Person(account.name or brand.name, account.address),
        to=_people(message.to),
        cc=_people(message.cc),
        subject=message.subject or ticket.subject,
        text=message.text or message.reply,
        html=message.html,
        date=message.sent_at,
        language=message.language or ticket.language,
        thread=token_of(ticket.key, seal),
        in_reply_to=message.in_reply_to,
        references=tuple(message.references),
        quote=_quote(message),
        attachments=tuple(_file(row, files) for row in _attachments(unit, message)),
        automatic=message.automatic,
    )


def _quote(message: Message) -> Quote | None:
    """`quoted` of our own message: the line that names the writer, then the words."""
    attribution, _end, words = message.quoted.strip().partition("\n")
    forwarded = message.forwarded_id is not None
    return Quote(attribution, words, forwarded=forwarded) if words.strip() else None


def _people(rows: list[dict[str, Any]]) -> tuple[Person, ...]:
    return tuple(Person(str(row.get("name") or ""), str(row.get("address") or "")) for row in rows)


def _attachments(unit: Unit, message: Message) -> list[Attachment]:
    found = select(Attachment).where(Attachment.message_id == message.id).order_by(col(Attachment.id))
    return list(unit.session.exec(found))


def _file(row: Attachment, files: Files) -> File:
    return File(row.name, row.content_type, files.get(row.sha256), row.inline, row.content_id)

"""What is particular about messages of social channels: contacts, names at the provider, files, echoes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists
from sqlmodel import col, select

from helpdesk.channels.social import CHANNELS
from helpdesk.intake import changes
from helpdesk.intake.prepare import Prepared
from helpdesk.intake.record import believable
from helpdesk.models import Contact, Direction, MediaFetch, Message, MessageName
from helpdesk.social import contacts, names
from helpdesk.store.db import Unit

OWN_ECHO = timedelta(minutes=10)


def hold_contact(unit: Unit, prepared: Prepared) -> Contact | None:
    """Who writes, held; None on channels without contacts. Their act opens the window."""
    if prepared.kind not in CHANNELS:
        return None
    incoming = prepared.incoming
    contact = contacts.hold(
        unit,
        brand_id=prepared.brand_id,
        account_id=prepared.account_id,
        kind=incoming.identity_kind,
        who=incoming.author,
    )
    if not incoming.echo:
        at = believable(incoming.sent_at, prepared.received_at)
        contacts.acted(contact, incoming, at=at, received_at=prepared.received_at)
    return contact


def joined(unit: Unit, message: Message, prepared: Prepared) -> None:
    """Its name at the provider, files to be fetched, and what happened to it before it came."""
    if prepared.kind not in CHANNELS:
        return
    incoming = prepared.incoming
    for one in incoming.media:
        unit.session.add(
            MediaFetch(
                brand_id=message.brand_id,
                account_id=prepared.account_id,
                message_id=message.pk,
                ref=one.ref,
                name=one.name[:300],
                content_type=one.content_type[:120],
                sha256=one.sha256[:64],
                next_at=unit.now,
                created_at=unit.now,
            )
        )
    if incoming.media:
        unit.tell("media_queued", message.brand_id, message=message.pk)
    if incoming.external_id:
        changes.catch_up(unit, prepared.account_id, message, [incoming.external_id])


def is_own_echo(unit: Unit, prepared: Prepared) -> bool:
    """Our own answer come back to us: by our id in it, by its name, or by its words where neither is known yet."""
    incoming = prepared.incoming
    if not incoming.echo:
        return False
    found = _by_id(unit, prepared) or _by_words(unit, prepared)
    if found and incoming.external_id:
        changes.catch_up(unit, prepared.account_id, found, [incoming.external_id])
    return found is not None


def _by_id(unit: Unit, prepared: Prepared) -> Message | None:
    incoming = prepared.incoming
    named = names.find_messages(unit, prepared.account_id, [incoming.external_id or ""])
    if named:
        return next(iter(named.values()))
    ours = str(incoming.content.get("ours") or "").partition("#")[0]
    if not ours:
        return None
    return unit.session.exec(
        select(Message).where(Message.brand_id == prepared.brand_id, Message.external_id == ours)
    ).first()


def _by_words(unit: Unit, prepared: Prepared) -> Message | None:
    contact = contacts.find(unit, prepared.account_id, prepared.incoming.author.address)
    if contact is None or not prepared.incoming.text:
        return None
    lately = select(Message).where(
        Message.account_id == prepared.account_id,
        Message.customer_id == contact.customer_id,
        Message.direction == Direction.OUT,
        Message.reply == prepared.incoming.text,
        col(Message.created_at) > unit.now - OWN_ECHO,
        ~exists().where(col(MessageName.message_id) == col(Message.id)),
    )
    return unit.session.exec(lately).first()

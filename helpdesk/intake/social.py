"""What is particular about messages of social channels: contacts, names at the provider, files, echoes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, or_
from sqlmodel import col, select

from helpdesk.channels.incoming import Incoming
from helpdesk.channels.social import CHANNELS
from helpdesk.errors import Invalid
from helpdesk.intake import aliases, changes, media
from helpdesk.intake.prepare import Prepared
from helpdesk.intake.record import believable
from helpdesk.models import Attachment, Contact, Delivery, Direction, Message, MessageName
from helpdesk.social import contacts, names, profiles
from helpdesk.store.db import Unit

OWN_ECHO = timedelta(minutes=10)
PUBLIC = ("comment", "post")  # said to everybody: opens no window


def hold_contact(unit: Unit, prepared: Prepared) -> Contact | None:
    """Who writes, held; None on channels without contacts. Their act opens the window."""
    if prepared.kind not in CHANNELS:
        return None
    incoming = prepared.incoming
    if not incoming.author.address:  # all such would be taken for one person
        raise Invalid("this message does not say who wrote it")
    contact = contacts.hold(
        unit,
        brand_id=prepared.brand_id,
        account_id=prepared.account_id,
        kind=incoming.identity_kind,
        who=aliases.known_as(unit, prepared),
    )
    aliases.learn(unit, prepared, contact)
    if not incoming.echo and incoming.content.get("type") not in PUBLIC:
        at = believable(incoming.sent_at, prepared.received_at)
        contacts.acted(contact, incoming, at=at, received_at=prepared.received_at)
    if not incoming.echo:
        profiles.want(unit, contact, prepared.kind)
    return contact


def joined(unit: Unit, message: Message, prepared: Prepared) -> None:
    """Its name at the provider, files to be fetched, and what happened to it before it came."""
    if prepared.kind not in CHANNELS:
        return
    incoming = prepared.incoming
    media.queue(unit, message, prepared.account_id, incoming.media)
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
    """A long answer leaves in parts, and files by themselves: each comes back before all of it has left."""
    contact = contacts.find(unit, prepared.account_id, prepared.incoming.author.address)
    if contact is None:
        return None
    leaving = exists().where(col(Delivery.message_id) == col(Message.id), col(Delivery.state) == "queued")
    lately = select(Message).where(
        Message.account_id == prepared.account_id,
        Message.customer_id == contact.customer_id,
        Message.direction == Direction.OUT,
        col(Message.inbound_id).is_(None),
        col(Message.created_at) > unit.now - OWN_ECHO,
        or_(leaving, ~exists().where(col(MessageName.message_id) == col(Message.id))),
    )
    found = unit.session.exec(lately.order_by(col(Message.id).desc()).limit(20))
    return next((one for one in found if _says(unit, one, prepared.incoming)), None)


def _says(unit: Unit, message: Message, incoming: Incoming) -> bool:
    words = " ".join(incoming.text.split())
    if words:
        return words in " ".join((message.reply or message.text).split())
    files = select(Attachment.id).where(Attachment.message_id == message.pk).limit(1)
    return bool(incoming.media) and unit.session.exec(files).first() is not None

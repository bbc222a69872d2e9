"""A conversation goes on by mail when the visitor has left, and its transcript goes to whoever asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.chat import lines
from helpdesk.customers.identify import EMAIL, list_identities
from helpdesk.errors import Conflict
from helpdesk.i18n import gettext as _
from helpdesk.models import (
    Attachment,
    Brand,
    ChannelAccount,
    ChatLine,
    Delivery,
    Direction,
    Message,
    Ticket,
    Visitor,
    new_key,
)
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import log
from helpdesk.tickets.compose import message_id
from helpdesk.tickets.home import find_home
from helpdesk.tickets.recipients import read_people
from helpdesk.tickets.upload import attach_kept

GONE_FOR = timedelta(minutes=10)
APART = timedelta(minutes=15)
MOST = 10  # messages in one mail
AT_ONCE = 50  # visitors in one round
LONGEST_TRANSCRIPT = 1000  # lines


def continue_by_mail(database: Database) -> int:
    """Mail what those who left have not read. Returns how many mails were queued."""
    with database.read() as unit:
        due = _due(unit)
    return sum(_continue(database, visitor_id) for visitor_id in due)


def _due(unit: Unit) -> list[int]:
    gone = unit.now - GONE_FOR
    waiting = (
        select(Visitor.id)
        .where(
            col(Visitor.unread_since) <= gone,
            Visitor.last_seen_at <= gone,
            (col(Visitor.mailed_at).is_(None)) | (col(Visitor.mailed_at) <= unit.now - APART),
        )
        .order_by(col(Visitor.unread_since))
        .limit(AT_ONCE)
    )
    return [one for one in unit.session.exec(waiting) if one is not None]


def _continue(database: Database, visitor_id: int) -> bool:
    """Decided again under the lock: they may have come back, or another worker was faster."""
    with database.write() as unit:
        visitor = lines.hold(unit, visitor_id)
        if visitor_id not in _still_due(unit, visitor):
            return False
        unread = _unread(unit, visitor)
        address = address_of(unit, visitor)
        account = _mailbox(unit, visitor.brand_id)
        if not unread or not address or account is None or visitor.ticket_id is None:
            visitor.unread_since = None  # nothing more can be done; the chat itself still shows it
            return False
        _queue_continuation(unit, visitor, unread, address, account)
        visitor.mailed_at, visitor.mailed_seq = unit.now, unread[-1].seq
        visitor.unread_since = unit.now - GONE_FOR if _unread(unit, visitor) else None
    return True


def _still_due(unit: Unit, visitor: Visitor) -> tuple[int, ...]:
    gone = unit.now - GONE_FOR
    waits = visitor.unread_since is not None and visitor.unread_since <= gone
    rested = visitor.mailed_at is None or visitor.mailed_at <= unit.now - APART
    return (visitor.pk,) if waits and rested and visitor.last_seen_at <= gone else ()


def _unread(unit: Unit, visitor: Visitor) -> list[ChatLine]:
    since = max(visitor.read_seq, visitor.mailed_seq)
    said = select(ChatLine).where(
        ChatLine.visitor_id == visitor.pk, ChatLine.seq > since, ChatLine.writer == "agent"
    )
    return list(unit.session.exec(said.order_by(col(ChatLine.seq)).limit(MOST)))


def address_of(unit: Unit, visitor: Visitor) -> str:
    """Of a customer known for sure the address on file, else what the visitor says it is."""
    if visitor.verified and visitor.customer_id:
        known = [one for one in list_identities(unit, visitor.customer_id) if one.kind == EMAIL]
        if known:
            return known[-1].shown or known[-1].value
    return visitor.email


def _queue_continuation(
    unit: Unit, visitor: Visitor, unread: Sequence[ChatLine], address: str, account: ChannelAccount
) -> None:
    brand = unit.session.get_one(Brand, visitor.brand_id)
    ticket = find_home(unit, unit.session.get_one(Ticket, visitor.ticket_id))
    with i18n.using(visitor.language, brand.timezone):
        opening = _(
            "You have left our chat, so our answer comes by e-mail. Just reply to this mail to go on."
        )
        said = "\n\n".join(_said(one) for one in unread)
        subject = _("Your chat with %(brand)s", brand=brand.name)
        message = _message(unit, visitor, ticket, account, address, subject, f"{opening}\n\n{said}")
    said_by = [one.message_id for one in unread]
    attached = select(Attachment).where(col(Attachment.message_id).in_(said_by)).order_by(col(Attachment.id))
    attach_kept(unit, message, unit.session.exec(attached).all())
    _queue(unit, message, account)
    names = [str(file["name"]) for one in unread for file in one.files]
    log.write(
        unit, ticket, "continued_by_mail", message=message.pk, to=address, count=len(unread), files=names
    )


def send_transcript(unit: Unit, visitor_id: int, address: str) -> Message:
    """All that was said, by mail. Raises Conflict before anything was said, Invalid for no address."""
    (person,) = read_people([address], "email") or [{}]
    visitor = lines.hold(unit, visitor_id)
    account = _mailbox(unit, visitor.brand_id)
    said = select(ChatLine).where(ChatLine.visitor_id == visitor.pk).order_by(col(ChatLine.seq).desc())
    talk = list(reversed(unit.session.exec(said.limit(LONGEST_TRANSCRIPT)).all()))
    if not talk or visitor.ticket_id is None:
        raise Conflict("nothing was said yet")
    if account is None:
        raise Conflict("this shop sends no mail")
    brand = unit.session.get_one(Brand, visitor.brand_id)
    ticket = find_home(unit, unit.session.get_one(Ticket, visitor.ticket_id))
    with i18n.using(visitor.language, brand.timezone):
        text = "\n\n".join(_told(one, brand.name) for one in talk)
        subject = _("Transcript of your chat with %(brand)s", brand=brand.name)
        message = _message(unit, visitor, ticket, account, person["address"], subject, text)
    message.automatic = True
    _queue(unit, message, account)
    log.write(unit, ticket, "transcript_sent", message=message.pk, to=person["address"])
    return message


def _said(line: ChatLine) -> str:
    names = "".join(f"\n[{file['name']}]" for file in line.files)
    return f"{line.name}:\n{line.text}{names}"


def _told(line: ChatLine, brand: str) -> str:
    who = line.name or (brand if line.writer == "agent" else _("You"))
    names = "".join(f"\n[{file['name']}]" for file in line.files)
    return f"{who}, {i18n.day(line.sent_at)} {i18n.clock(line.sent_at)}\n{line.text}{names}"


def _message(
    unit: Unit,
    visitor: Visitor,
    ticket: Ticket,
    account: ChannelAccount,
    address: str,
    subject: str,
    text: str,
) -> Message:
    """In the thread of the mails before it, so that an answer finds its ticket."""
    earlier = unit.session.exec(
        select(Message)
        .where(
            Message.ticket_id == ticket.pk,
            Message.channel == "email",
            col(Message.direction).in_((Direction.IN, Direction.OUT)),
        )
        .order_by(col(Message.id).desc())
        .limit(1)
    ).first()
    key = new_key()
    message = Message(
        key=key,
        brand_id=ticket.brand_id,
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        account_id=account.pk,
        channel=account.kind,
        direction=Direction.OUT,
        sender={"name": account.name, "address": account.address},
        to=[{"name": visitor.name, "address": address}],
        subject=subject,
        text=text,
        reply=text,
        language=visitor.language,
        external_id=message_id(ticket, key, account.address),
        in_reply_to=earlier.external_id if earlier else None,
        references=_references(earlier),
        fingerprint=f"out:{key}",
        state="queued",
        sent_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(message)
    unit.session.flush()
    return message


def _references(earlier: Message | None) -> list[str]:
    if earlier is None:
        return []
    return [*earlier.references, *([earlier.external_id] if earlier.external_id else [])][-20:]


def _queue(unit: Unit, message: Message, account: ChannelAccount) -> None:
    unit.session.add(
        Delivery(
            brand_id=message.brand_id,
            account_id=account.pk,
            message_id=message.pk,
            external_id=message.external_id or message.key,
            next_at=unit.now,
            created_at=unit.now,
        )
    )
    unit.session.flush()
    unit.tell("delivery_queued", message.brand_id, message=message.pk)


def _mailbox(unit: Unit, brand_id: int) -> ChannelAccount | None:
    return unit.session.exec(
        select(ChannelAccount)
        .where(
            ChannelAccount.brand_id == brand_id,
            ChannelAccount.kind == "email",
            col(ChannelAccount.active).is_(True),
        )
        .order_by(col(ChannelAccount.id))
    ).first()

"""What its writer took back is neither shown nor kept: words, files, the raw event, the index, what it taught."""

from __future__ import annotations

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.channels.content import name_of
from helpdesk.models import (
    Attachment,
    Brand,
    ChatFile,
    Contact,
    Correction,
    Direction,
    DroppedFile,
    InboundEvent,
    MediaFetch,
    Message,
    MessageChange,
    StagedFile,
    Ticket,
)
from helpdesk.social.words import words_of
from helpdesk.store import search
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.tickets.receive import line_of

GONE = "taken_back"
AT_ONCE = 50


def redact(unit: Unit, message: Message, *, name: str) -> None:
    """Leaves the line that something was here. Bytes of its files are deleted soon after."""
    files = list(unit.session.exec(select(Attachment).where(Attachment.message_id == message.pk)))
    words = words_of(message, message.text)
    search.put(unit, brand_id=message.brand_id, message_id=message.pk, words="", before=words)
    _forget_line(unit, unit.session.get_one(Ticket, message.ticket_id), message)
    message.text = message.reply = message.quoted = message.subject = ""
    message.html, message.content = None, {"type": GONE}
    for file in files:
        unit.session.add(DroppedFile(sha256=file.sha256, created_at=unit.now))
        unit.session.delete(file)
    unit.session.execute(delete(MediaFetch).where(col(MediaFetch.message_id) == message.pk))
    if message.inbound_id:
        unit.session.execute(
            update(InboundEvent)
            .where(col(InboundEvent.id) == message.inbound_id)
            .values(raw=b"", meta={"via": "hook", "taken_back": True})
        )
    unit.session.execute(
        update(MessageChange)
        .where(col(MessageChange.account_id) == message.account_id, col(MessageChange.name) == name)
        .values(text="")
    )
    unit.session.execute(
        update(Correction)
        .where(col(Correction.message_id) == message.pk)
        .values(subject="", text="", forgotten_at=unit.now)
        .execution_options(synchronize_session=False)
    )
    unit.session.flush()


def drop_files(database: Database, files: Files) -> int:
    """Deletes the bytes that nothing names any more. Returns how many were looked at."""
    with database.write() as unit:
        rows = unit.session.exec(select(DroppedFile).limit(AT_ONCE)).all()
        gone = [row.sha256 for row in rows if not _named(unit, row.sha256)]
        for digest in gone:
            files.drop(digest)  # before the rows: a crash between the two only repeats it
        for row in rows:
            unit.session.delete(row)
    return len(rows)


def _forget_line(unit: Unit, ticket: Ticket, message: Message) -> None:
    """A conversation is called after its first words, and lists show its newest: then the ones before."""
    with i18n.using(unit.session.get_one(Brand, message.brand_id).language):
        line = line_of(message)
        if ticket.preview and line.startswith(ticket.preview):
            before = _find_before(unit, message)
            ticket.preview = line_of(before) if before else name_of({"type": GONE})
        if ticket.subject and line.startswith(ticket.subject):
            ticket.subject = ""


def _find_before(unit: Unit, message: Message) -> Message | None:
    """The customer's newest words that are still there."""
    wanted = select(Message).where(
        Message.ticket_id == message.ticket_id,
        Message.direction == Direction.IN,
        col(Message.id) != message.pk,
        col(Message.unattended).is_(False),
    )
    newest = unit.session.exec(wanted.order_by(col(Message.sent_at).desc(), col(Message.id).desc()).limit(10))
    return next((one for one in newest if one.content.get("type") != GONE), None)


def _named(unit: Unit, sha256: str) -> bool:
    for name in (Attachment.sha256, StagedFile.sha256, ChatFile.sha256, Contact.picture):
        if unit.session.scalar(select(func.count()).where(col(name) == sha256)):
            return True
    return False

"""Earlier words that go along with an answer: the customer's quoted below it, or a message passed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.models import Attachment, Brand, Message, Ticket
from helpdesk.store.db import Unit

LONGEST = 100_000  # characters of quoted words


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A file of the message that is forwarded; a picture of its text becomes an ordinary file."""

    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None


def quoted(unit: Unit, ticket: Ticket, message_id: int | None) -> str:
    """The line that names the writer, then the words; "" without a message."""
    message = unit.session.get(Message, message_id) if message_id else None
    if message is None:
        return ""
    with _reader(unit, ticket):
        line = _("On %(moment)s, %(who)s wrote:", moment=_moment(message), who=_who(message))
    return f"{line}\n{_words(message.reply or message.text)}"


def get_forwarded(unit: Unit, ticket: Ticket, key: str) -> Message:
    message = unit.session.exec(
        select(Message).where(Message.key == key, Message.ticket_id == ticket.pk, Message.direction != "note")
    ).first()
    if message is None:
        raise Invalid("choose the message to forward; it is not in this ticket", field="forwarded")
    return message


def forwarded(unit: Unit, ticket: Ticket, message: Message) -> str:
    """The head that mail programs write, then the whole original."""
    with _reader(unit, ticket):
        head = [
            _("---------- Forwarded message ----------"),
            _("From: %(who)s", who=_named(message.sender)),
            _("Date: %(moment)s", moment=_moment(message)),
            _("Subject: %(subject)s", subject=message.subject or ticket.subject),
            _("To: %(who)s", who=", ".join(_named(one) for one in message.to)),
        ]
    return "\n".join([*head, "", _words(message.text or message.reply)])


def passed_on(unit: Unit, message: Message, *, without: Sequence[str]) -> Iterable[PassedOn]:
    wanted = select(Attachment).where(Attachment.message_id == message.pk).order_by(col(Attachment.id))
    for file in unit.session.exec(wanted):
        if file.key not in without:
            yield PassedOn(file.name, file.content_type, file.size, file.sha256)


def _reader(unit: Unit, ticket: Ticket) -> AbstractContextManager[None]:
    brand = unit.session.get_one(Brand, ticket.brand_id)
    return i18n.using(ticket.language, brand.timezone)


def _moment(message: Message) -> str:
    return f"{i18n.day(message.sent_at, year=True)} {i18n.clock(message.sent_at)}"


def _who(message: Message) -> str:
    return str(message.sender.get("name") or message.sender.get("address") or "")


def _named(person: dict[str, object]) -> str:
    name, address = str(person.get("name") or ""), str(person.get("address") or "")
    return f"{name} <{address}>" if name and address else name or address


def _words(text: str) -> str:
    return text.strip("\n")[:LONGEST]

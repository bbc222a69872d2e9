"""An agent's answer becomes a line in the visitor's conversation, once, whoever tries how often."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.channels.protocol import Parcel, Receipt
from helpdesk.chat import files, lines
from helpdesk.errors import Rejected
from helpdesk.models import ChatLine, Message, Visitor
from helpdesk.store.db import Unit


def say(unit: Unit, parcel: Parcel) -> Receipt:
    """Raises Rejected when there is no such visitor or message."""
    for address in parcel.recipients:
        _say(unit, address, parcel.id)
    return Receipt(parcel.id, accepted=parcel.recipients)


def _say(unit: Unit, address: str, external_id: str) -> None:
    found = unit.session.exec(select(Visitor).where(Visitor.key == address)).first()
    message = unit.session.exec(
        select(Message).where(
            Message.brand_id == (found.brand_id if found else 0), Message.external_id == external_id
        )
    ).first()
    if found is None or message is None:
        raise Rejected("this visitor is not known any more; answer on another channel")
    visitor = lines.hold(unit, found.pk)
    if lines.find_by_key(unit, visitor.pk, message.key):
        return
    attached = [files.as_data(one) for one in files.of_message(unit, visitor, message.pk)]
    lines.append(
        unit,
        visitor,
        writer="agent",
        client_key=message.key,
        name=str(message.sender.get("name") or ""),
        text=message.reply,
        html=shown_html(message.html),
        replies=message.replies,
        files=attached,
        message_id=message.pk,
    )


def show_mail(unit: Unit, visitor: Visitor, message: Message) -> ChatLine:
    """What the visitor wrote by mail meanwhile stands in the chat when they come back."""
    visitor = lines.hold(unit, visitor.pk)
    attached = [files.as_data(one) for one in files.of_message(unit, visitor, message.pk)]
    return lines.append(
        unit,
        visitor,
        writer="mail",
        client_key=message.key,
        name=str(message.sender.get("name") or ""),
        text=message.reply or message.text,
        files=attached,
        message_id=message.pk,
    )


def shown_html(html: str | None) -> str | None:
    """Pictures in the text are shown as files: a page of the shop cannot fetch them by Content-ID."""
    return html if html and "cid:" not in html else None

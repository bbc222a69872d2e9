"""What is heard of a message after it left: for mail, the bounce that says it could not be delivered."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.delivery.outcome import report
from helpdesk.models import Delivery, Direction, Message
from helpdesk.store.db import Unit


def bounced(
    unit: Unit, brand_id: int, original_message_id: str, recipient: str, status: str, diagnostic: str
) -> Message | None:
    """Mark the message failed with the far server's words. None when it is not one of ours."""
    original = original_message_id.strip().strip("<>")
    message = unit.session.exec(
        select(Message).where(
            Message.brand_id == brand_id, Message.external_id == original, Message.direction == Direction.OUT
        )
    ).first()
    if message is None:
        return None
    undelivered(unit, message, " ".join(f"{recipient}: {status} {diagnostic}".split()).strip(": ")[:1000])
    return message


def arrived(unit: Unit, message: Message) -> None:
    """Of an answer of which nobody knew: it did."""
    if "unsure_at" not in message.marks:
        return
    message.marks = {name: value for name, value in message.marks.items() if name != "unsure_at"}
    message.state, message.failure = "sent", None
    delivery = unit.session.exec(select(Delivery).where(Delivery.message_id == message.id)).first()
    if delivery:
        delivery.state, delivery.reason, delivery.lease_until = "sent", None, None
        delivery.sent_at = delivery.sent_at or unit.now
    unit.tell("delivery_sent", message.brand_id, ticket=message.ticket_id, message=message.pk)


def undelivered(unit: Unit, message: Message, words: str) -> None:
    """It left, and did not arrive; told twice it is one failure."""
    if message.direction != Direction.OUT or (message.state == "failed" and message.failure == words):
        return
    message.state, message.failure = "failed", words
    delivery = unit.session.exec(select(Delivery).where(Delivery.message_id == message.id)).first()
    if delivery:
        delivery.state, delivery.reason, delivery.lease_until = "failed", words, None
    report(unit, message, words)

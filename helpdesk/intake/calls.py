"""What is particular about telephone calls: a talk needs no answer, words after the tone do, recordings come later."""

from __future__ import annotations

from typing import Any

from helpdesk.channels.incoming import Change, Incoming, Media
from helpdesk.channels.phone.parse import CALL, VOICEMAIL
from helpdesk.intake import media
from helpdesk.models import Direction, Message, MessageChange, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import answered, close, log

TALKED = "completed"


def subject_of(incoming: Incoming, words: str) -> str:
    """What its ticket is called: what happened, and with which number."""
    if incoming.content.get("type") != CALL or incoming.content.get("withheld"):
        return words
    return f"{words} · {incoming.author.name or incoming.author.address}"


def is_settled(message: Message) -> bool:
    """A call that nobody has to return."""
    return message.content.get("type") == CALL and message.content.get("state") != "missed"


def settle(unit: Unit, ticket: Ticket, message: Message) -> None:
    """After a talk nobody waits; an attempt of ours changes nothing. Alone in its ticket, a call ends it."""
    alone = ticket.messages_count == 0
    talked = message.content.get("state") == TALKED
    ours = message.direction == Direction.OUT
    message.unattended = not (talked and ours)
    if talked and ours:
        answered.elsewhere(unit, ticket, message)
    else:
        answered.added(unit, ticket)
        if talked:
            answered.talked(ticket, message.sent_at)
    if alone and ticket.status != Status.SPAM:
        close.close(unit, ticket, by=None)
    unit.tell("message_joined", ticket.brand_id, ticket=ticket.pk, message=message.pk)


def data_of(change: Change) -> dict[str, Any]:
    """A recording as it is kept until its call is here."""
    files = [{"ref": one.ref, "name": one.name, "type": one.content_type} for one in change.media]
    return {"files": files, VOICEMAIL: bool(change.data.get(VOICEMAIL))}


def recorded(unit: Unit, message: Message, change: MessageChange) -> None:
    """The recording of a call, to be fetched. What was said after the tone waits for an answer."""
    if message.account_id is None or message.content.get("type") != CALL:
        return
    files = [Media(one["ref"], one["name"], one["type"]) for one in change.data.get("files", ())]
    media.add(unit, message, message.account_id, files)
    if change.data.get(VOICEMAIL) and not message.content.get(VOICEMAIL):
        message.content = {**message.content, VOICEMAIL: True}
        if message.direction == Direction.IN and message.content.get("state") != "missed":
            message.content = {**message.content, "state": "missed"}
            message.unattended = False
            _wait(unit, unit.session.get_one(Ticket, message.ticket_id), message)


def _wait(unit: Unit, ticket: Ticket, message: Message) -> None:
    if ticket.status == Status.SPAM:
        return
    if ticket.status == Status.CLOSED:
        ticket.closed_at = None
        log.write(unit, ticket, "reopened", reason="customer_wrote")
    ticket.status = Status.OPEN
    ticket.waiting_since = ticket.waiting_since or message.sent_at
    ticket.received_at = unit.now
    ticket.snoozed_until = None
    unit.tell(
        "message_received", ticket.brand_id, ticket=ticket.pk, message=message.pk, customer=ticket.customer_id
    )

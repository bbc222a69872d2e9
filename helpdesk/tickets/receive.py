"""A customer's message joins its ticket: the ticket wakes up, waits for us, and shows the newest words."""

from __future__ import annotations

from helpdesk.models import Message, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import follow, log, take_back


def receive(unit: Unit, ticket: Ticket, message: Message) -> None:
    """An auto-reply or a bounce joins quietly: it neither reopens a ticket nor makes anybody wait."""
    ticket.messages_count += 1
    ticket.last_message_at = max(ticket.last_message_at, message.sent_at)
    if message.unattended and ticket.messages_count > 1:
        unit.tell("message_joined", ticket.brand_id, ticket=ticket.pk, message=message.pk)
        return
    ticket.received_at = unit.now
    ticket.preview = preview(message.reply or message.text) or ticket.preview
    ticket.snoozed_until = None
    if ticket.status == Status.CLOSED:
        ticket.closed_at = None
        log.write(unit, ticket, "reopened", reason="customer_wrote")
    if ticket.status != Status.SPAM:
        ticket.status = Status.OPEN
        ticket.waiting_since = ticket.waiting_since or message.sent_at
        follow.tell_followers(unit, ticket, by=None, message=message)
    take_back.cancel_scheduled(unit, ticket, message)
    unit.tell(
        "message_received", ticket.brand_id, ticket=ticket.pk, message=message.pk, customer=ticket.customer_id
    )


def preview(text: str) -> str:
    """One line of the words, at most 300 characters."""
    return " ".join(text[:1200].split())[:300]

"""A customer's message joins its ticket: the ticket wakes up, waits for us, and shows the newest words."""

from __future__ import annotations

from helpdesk import i18n
from helpdesk.channels.content import name_of
from helpdesk.channels.social import CHANNELS as SOCIAL
from helpdesk.customers.private_numbers import hide
from helpdesk.models import Brand, Message, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import follow, log, take_back


def receive(unit: Unit, ticket: Ticket, message: Message) -> None:
    """An auto-reply or a bounce joins quietly: it neither reopens a ticket nor makes anybody wait."""
    late = message.channel in SOCIAL and message.sent_at < ticket.last_message_at  # providers keep no order
    ticket.messages_count += 1
    ticket.last_message_at = max(ticket.last_message_at, message.sent_at)
    if message.unattended and ticket.messages_count > 1:
        unit.tell("message_joined", ticket.brand_id, ticket=ticket.pk, message=message.pk)
        return
    ticket.received_at = unit.now
    if not late:
        ticket.preview = _line(unit, message) or ticket.preview
    ticket.snoozed_until = None
    if ticket.status == Status.CLOSED:
        ticket.closed_at = None
        log.write(unit, ticket, "reopened", reason="customer_wrote")
    if ticket.status != Status.SPAM:
        ticket.status = Status.OPEN
        waiting = ticket.waiting_since or message.sent_at
        ticket.waiting_since = min(waiting, message.sent_at) if late else waiting
        follow.tell_followers(unit, ticket, by=None, message=message)
    take_back.cancel_scheduled(unit, ticket, message)
    unit.tell(
        "message_received", ticket.brand_id, ticket=ticket.pk, message=message.pk, customer=ticket.customer_id
    )


def line_of(message: Message) -> str:
    """A message in one line of a list: its words, or what it is where it has none, in the language in use."""
    return preview(message.reply or message.text) or name_of(message.content)


def preview(text: str) -> str:
    """One line of the words, at most 300 characters, without numbers that are nobody's business."""
    return hide(" ".join(text[:1200].split()))[:300]


def _line(unit: Unit, message: Message) -> str:
    """As everybody of its brand will see it."""
    if not message.content:
        return line_of(message)
    with i18n.using(unit.session.get_one(Brand, message.brand_id).language):
        return line_of(message)

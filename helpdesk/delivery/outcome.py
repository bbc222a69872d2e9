"""What became of an attempt, written to the delivery, its message, its ticket and its account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from helpdesk.channels import registry
from helpdesk.channels.protocol import Receipt
from helpdesk.errors import Rejected, SendFailed, Unavailable
from helpdesk.i18n import gettext as _
from helpdesk.models import ChannelAccount, Delivery, Message, Status, Ticket
from helpdesk.people.notify import SEND_FAILED, notify
from helpdesk.social import duties, names, quota
from helpdesk.store.db import Unit
from helpdesk.store.queue import plan_retry
from helpdesk.tickets import close as closing
from helpdesk.tickets import leaving, log
from helpdesk.tickets.lock import lock

REST = timedelta(minutes=5)


class Write(Protocol):
    def __call__(self, unit: Unit, delivery: Delivery, /, *facts: object) -> None: ...


def find_held(unit: Unit, delivery_id: int, until: datetime) -> Delivery | None:
    """The delivery while the lease that was taken on it still is ours; locked for the rest of the unit."""
    delivery = unit.session.get(Delivery, delivery_id, with_for_update=True)
    held = delivery is not None and delivery.state == "queued" and delivery.lease_until == until
    return delivery if held else None


def rests(unit: Unit, delivery: Delivery) -> bool:
    """Put back what leaves by a paused account; it waits without counting as tried.

    A conversation goes on: its visitor may have left the page long ago and reads the answer by mail.
    """
    account = unit.session.get_one(ChannelAccount, delivery.account_id)
    if account.active or account.removed_at or account.kind in registry.CONVERSATIONAL:
        return False
    delivery.attempts -= 1
    delivery.next_at, delivery.lease_until, delivery.reason = (
        unit.now + REST,
        None,
        _("the mailbox is paused") if account.kind == "email" else _("the channel is paused"),
    )
    return True


def answered(unit: Unit, delivery: Delivery, /, *facts: object) -> None:
    """A server took it, for everybody or for some of the recipients."""
    (receipt,) = facts
    assert isinstance(receipt, Receipt)
    _sending(unit, delivery, "ok", "")
    quota.spent(unit, unit.session.get_one(ChannelAccount, delivery.account_id))
    delivery.accepted = [*delivery.accepted, *receipt.accepted]
    message = unit.session.get_one(Message, delivery.message_id)
    names.learn(unit, delivery.account_id, message, receipt.known_as)
    if receipt.accepted:
        leaving.left(unit, delivery, message)
    words = "; ".join(f"{who}: {said}" for who, said in {**receipt.refused, **receipt.waiting}.items())
    again = plan_retry(delivery.attempts, unit.now) if receipt.waiting else None
    if again:
        delivery.next_at, delivery.lease_until, delivery.reason = again, None, words
        return
    delivery.state, delivery.sent_at, delivery.lease_until, delivery.reason = (
        "sent",
        unit.now,
        None,
        words or None,
    )
    message.state, message.failure = "sent", words or None
    if words:
        report(unit, message, words, partly=True)
    unit.tell("delivery_sent", delivery.brand_id, ticket=message.ticket_id, message=message.pk)


def kept(unit: Unit, delivery: Delivery, /, *_facts: object) -> None:
    """Nothing to send with is configured: the bytes stay readable, nothing leaves."""
    message = unit.session.get_one(Message, delivery.message_id)
    delivery.state, delivery.lease_until, delivery.reason = "kept", None, None
    message.state = "kept"
    leaving.left(unit, delivery, message)
    unit.tell("delivery_kept", delivery.brand_id, ticket=message.ticket_id, message=message.pk)


def failed(unit: Unit, delivery: Delivery, /, *facts: object) -> None:
    """Later again with the same bytes, or final: then an agent has to see it."""
    (error,) = facts
    assert isinstance(error, SendFailed)
    if isinstance(error, Unavailable):
        if error.data.get("account"):
            _sending(unit, delivery, "failing", error.text)
        again = plan_retry(delivery.attempts, unit.now, retry_after=error.retry_after)
        if again:
            delivery.next_at, delivery.lease_until, delivery.reason = again, None, error.text
            unit.tell("delivery_postponed", delivery.brand_id, message=delivery.message_id)
            return
    elif not isinstance(error, Rejected):
        raise error
    delivery.state, delivery.lease_until, delivery.reason = "failed", None, error.text
    message = unit.session.get_one(Message, delivery.message_id)
    message.state, message.failure = "failed", error.text
    if error.data.get("unsure"):
        message.marks = {**message.marks, "unsure_at": unit.now.isoformat()}
    report(unit, message, error.text)


def report(unit: Unit, message: Message, words: str, *, partly: bool = False) -> None:
    """Bring a message that did not arrive before an agent's eyes: the customer still waits."""
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    lock(unit, ticket)
    if ticket.status != Status.SPAM:
        closing.reopen(unit, ticket, by=None)
        ticket.received_at = unit.now
        ticket.waiting_since = ticket.waiting_since or unit.now
    log.write(unit, ticket, "delivery_failed", message=message.pk, reason=words, partly=partly)
    if message.agent_id:
        notify(unit, message.agent_id, SEND_FAILED, ticket, by=None, message=message, reason=words)


def _sending(unit: Unit, delivery: Delivery, state: str, words: str) -> None:
    account = unit.session.get_one(ChannelAccount, delivery.account_id)
    if (account.sending_state, account.sending_text) == (state, words):
        return
    account.sending_state, account.sending_text = state, words
    if state == "failing":
        duties.hasten_all(unit, account.pk)
    unit.tell("account_changed", account.brand_id, account=account.pk)

"""Sending again what failed: by an agent's hand, or because the account was repaired."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from helpdesk.delivery.failures import UNSURE
from helpdesk.delivery.receipts import arrived
from helpdesk.errors import Conflict
from helpdesk.i18n import gettext as _
from helpdesk.models import Agent, Delivery, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log


def retry(unit: Unit, delivery: Delivery, *, by: Agent | None, looked: bool = False) -> None:
    """Queue it again with the same Message-ID and bytes. `looked`: a person saw that it did not arrive.

    Raises Conflict unless it failed or was kept, and when it may have arrived and nobody has looked.
    """
    if delivery.state not in ("failed", "kept"):
        raise Conflict(_("this message is sent or on its way already"))
    message = unit.session.get_one(Message, delivery.message_id)
    if UNSURE in message.marks and not looked:
        raise Conflict(
            _("this answer may have arrived; look into its ticket first, then say that it did not")
        )
    delivery.state, delivery.attempts, delivery.next_at, delivery.lease_until = "queued", 0, unit.now, None
    delivery.reason = None
    message.state, message.failure = "queued", None
    message.marks = {name: value for name, value in message.marks.items() if name != UNSURE}
    log.write(
        unit, unit.session.get_one(Ticket, message.ticket_id), "delivery_retried", by=by, message=message.pk
    )
    unit.tell("delivery_queued", delivery.brand_id, message=message.pk)


def confirm(unit: Unit, delivery: Delivery, *, by: Agent) -> None:
    """Somebody looked: what nobody was sure of has arrived. Raises Conflict when there is no doubt."""
    message = unit.session.get_one(Message, delivery.message_id)
    if UNSURE not in message.marks or delivery.state != "failed":
        raise Conflict(_("there is no doubt any more whether this message arrived"))
    arrived(unit, message)
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    ticket.waiting_since = None
    log.write(unit, ticket, "delivery_confirmed", by=by, message=message.pk)


def hurry(unit: Unit, account_id: int) -> int:
    """Try at once what waits for this account, which was just repaired or resumed. Returns how many."""
    waiting = (
        update(Delivery)
        .where(
            col(Delivery.account_id) == account_id,
            col(Delivery.state) == "queued",
            col(Delivery.reason).is_not(None),
        )
        .values(next_at=unit.now)
        .execution_options(synchronize_session=False)
    )
    result = unit.session.execute(waiting)
    return int(getattr(result, "rowcount", 0))

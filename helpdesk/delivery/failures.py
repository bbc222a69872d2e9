"""Answers of one account that did not leave, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount, Delivery, Message, Ticket
from helpdesk.store.db import Unit

SHOWN = 20
UNSURE = "unsure_at"


@dataclass(frozen=True, slots=True)
class Failure:
    """`unsure`: it may have arrived, so somebody has to look first."""

    key: str
    ticket: str
    number: int
    reason: str
    at: datetime
    unsure: bool


def list_failures(unit: Unit, account: ChannelAccount, *, limit: int = SHOWN) -> list[Failure]:
    """Newest first."""
    wanted = (
        select(Delivery, Ticket.key, Ticket.number, Message.marks)
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(Delivery.state == "failed", Delivery.account_id == account.pk)
        .order_by(col(Delivery.id).desc())
        .limit(limit)
    )
    return [
        Failure(one.key, ticket, number, one.reason or "", one.created_at, UNSURE in marks)
        for one, ticket, number, marks in unit.session.exec(wanted)
    ]


def get_failure(unit: Unit, account: ChannelAccount, key: str) -> Delivery:
    wanted = select(Delivery).where(Delivery.key == key, Delivery.account_id == account.pk)
    found = unit.session.exec(wanted.with_for_update()).first()
    if found is None:
        raise NotFound(lazy("there is no such delivery"))
    return found

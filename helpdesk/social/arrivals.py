"""What an account's provider told last, event by event: what it was, what became of it, and where it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from helpdesk.access import Access
from helpdesk.channels import registry
from helpdesk.channels.content import name_of
from helpdesk.channels.incoming import Change, What
from helpdesk.errors import Conflict, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount, InboundEvent, Message, Ticket
from helpdesk.store.db import Unit

SHOWN = 50
STUCK = "quarantined"
CHANGES = {
    What.EDITED: lazy("Message edited"),
    What.UNSENT: lazy("Message taken back"),
    What.REACTED: lazy("Reaction"),
    What.DELIVERED: lazy("Delivered"),
    What.READ: lazy("Read"),
    What.FAILED: lazy("Not delivered"),
    What.CONNECTED: lazy("Follows the account"),
    What.BLOCKED: lazy("Blocked the account"),
    What.LINKED: lazy("Linked the account"),
    What.NOTED: lazy("Noted"),
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """`what` in the language in use."""

    key: str
    what: str
    state: str
    reason: str
    attempts: int
    size: int
    received_at: datetime
    ticket: str
    number: int | None


def list_arrivals(
    unit: Unit, account: ChannelAccount, *, stuck: bool = False, limit: int = SHOWN
) -> list[Arrival]:
    """Newest first; `stuck` are those alone that could not be read."""
    wanted = (
        select(InboundEvent, col(Ticket.key), col(Ticket.number))
        .outerjoin(Message, col(Message.id) == col(InboundEvent.message_id))
        .outerjoin(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(InboundEvent.account_id == account.pk)
        .order_by(col(InboundEvent.id).desc())
        .limit(limit)
    )
    if stuck:
        wanted = wanted.where(InboundEvent.state == STUCK)
    return [_described(account.kind, *row) for row in unit.session.exec(wanted)]


def count_stuck(unit: Unit, account_ids: list[int]) -> dict[int, int]:
    counted = (
        select(InboundEvent.account_id, func.count())
        .where(col(InboundEvent.account_id).in_(account_ids), InboundEvent.state == STUCK)
        .group_by(col(InboundEvent.account_id))
    )
    return dict(unit.session.exec(counted).all())


def get_event(unit: Unit, access: Access, account: ChannelAccount, key: str) -> InboundEvent:
    access.require_brand(account.brand_id)
    wanted = select(InboundEvent).where(InboundEvent.key == key, InboundEvent.account_id == account.pk)
    found = unit.session.exec(wanted).first()
    if found is None:
        raise NotFound(lazy("there is no such event"))
    return found


def get_stuck(unit: Unit, access: Access, account: ChannelAccount, key: str) -> InboundEvent:
    """Raises Conflict when it has been read meanwhile."""
    found = get_event(unit, access, account, key)
    if found.state != STUCK:
        raise Conflict(lazy("this event has been read meanwhile"))
    return found


def list_stuck(unit: Unit, account: ChannelAccount) -> list[InboundEvent]:
    wanted = select(InboundEvent).where(InboundEvent.account_id == account.pk, InboundEvent.state == STUCK)
    return list(unit.session.exec(wanted.order_by(col(InboundEvent.id))))


def _described(kind: str, event: InboundEvent, ticket: str | None, number: int | None) -> Arrival:
    raw = event.raw or b""
    return Arrival(
        event.key,
        what_of(kind, raw, taken_back=bool(event.meta.get("taken_back"))),
        event.state,
        _(event.reason) if event.reason else "",
        event.attempts,
        len(raw),
        event.received_at,
        ticket or "",
        number,
    )


def what_of(kind: str, raw: bytes, *, taken_back: bool = False) -> str:
    """A few words that name the event and tell nothing of what was said."""
    if taken_back:
        return _("Message taken back")
    try:
        parsed = registry.parse(kind, raw)
    except Exception:  # whatever it was that kept it from being read
        return _("Cannot be read")
    if isinstance(parsed, Change):
        return _(CHANGES[parsed.what])
    if parsed.echo:
        return _("Answer from elsewhere")
    return name_of(parsed.content).partition(":")[0] or _("Message")

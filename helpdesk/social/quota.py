"""How many messages an account may still push this month, as its provider last said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.channels.care import QUOTA, Quota
from helpdesk.channels.carers import COUNTED
from helpdesk.models import AccountDuty, ChannelAccount, Ticket
from helpdesk.social import duties
from helpdesk.store.db import Unit

OLD = timedelta(hours=2)
FRESH = timedelta(minutes=5)
AFTER_SENDING = timedelta(seconds=20)  # providers count with a delay; a burst is counted once


@dataclass(frozen=True, slots=True)
class Known:
    """`limit` None: no limit. `text` is why it could not be read anew."""

    limit: int | None
    used: int
    read_at: datetime
    old: bool = False  # read so long ago that it may be wrong
    text: str = ""

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)


def find_known(unit: Unit, account: ChannelAccount) -> Known | None:
    """None for an account that has no quota, or whose quota has not been read yet."""
    row = duties.find(unit, account.pk, QUOTA)
    return known(row, unit.now) if row and row.state == "queued" else None


def known(row: AccountDuty, now: datetime) -> Known | None:
    if row.done_at is None or "used" not in row.data:
        return None
    limit = row.data.get("limit")
    return Known(
        None if limit is None else int(limit),
        int(row.data["used"]),
        row.done_at,
        old=now - row.done_at > OLD or _month(now) != _month(row.done_at),
        text=row.text,
    )


def facts(quota: Quota) -> dict[str, int | None]:
    """As they are kept."""
    return {"limit": quota.limit, "used": quota.used}


def spent(unit: Unit, account: ChannelAccount) -> None:
    """Something was sent: the provider is asked soon what is left."""
    if account.kind in COUNTED:
        duties.hasten(unit, account.pk, QUOTA, unit.now + AFTER_SENDING)


def soon_needed(unit: Unit, ticket: Ticket) -> None:
    """Somebody reads the ticket and may push an answer: what is shown then should be of now."""
    if ticket.channel not in COUNTED or ticket.account_id is None:
        return
    row = duties.find(unit, ticket.account_id, QUOTA)
    if row is None or row.done_at is None or unit.now - row.done_at < FRESH:
        return
    duties.hasten(unit, ticket.account_id, QUOTA, unit.now)
    unit.tell("care_due", ticket.brand_id, account=ticket.account_id)


def _month(moment: datetime) -> tuple[int, int]:
    """LINE counts by the month of Japan, nine hours ahead of UTC."""
    there = moment + timedelta(hours=9)
    return there.year, there.month

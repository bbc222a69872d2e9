"""Claiming queue rows (journal and deliveries) with a lease, by any number of workers.

A claimed row whose worker died becomes claimable again when its lease runs out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlmodel import col

from helpdesk.models import AccountDuty, Delivery, InboundEvent, MediaFetch, ReadMark
from helpdesk.store.db import Unit

Row = type[InboundEvent] | type[Delivery] | type[MediaFetch] | type[AccountDuty] | type[ReadMark]

BACK_OFF_SECONDS = (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)


def claim(unit: Unit, row: Row, *, limit: int, lease: timedelta) -> list[int]:
    """Ids of due rows, oldest first, now leased to the caller; counts the attempt."""
    free = or_(col(row.lease_until).is_(None), col(row.lease_until) < unit.now)
    due = (
        select(col(row.id))
        .where(col(row.state) == "queued", col(row.next_at) <= unit.now, free)
        .order_by(col(row.next_at), col(row.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = [pk for pk in unit.session.scalars(due) if pk is not None]
    if ids:
        unit.session.execute(
            update(row)
            .where(col(row.id).in_(ids))
            .values(lease_until=unit.now + lease, attempts=col(row.attempts) + 1)
            .execution_options(synchronize_session=False)
        )
    return ids


def give_back(unit: Unit, row: Row, ids: Sequence[int]) -> None:
    """Undo a claim: free at once, and not counted as tried."""
    if ids:
        unit.session.execute(
            update(row)
            .where(col(row.id).in_(ids))
            .values(lease_until=None, attempts=col(row.attempts) - 1)
            .execution_options(synchronize_session=False)
        )


def plan_retry(attempts: int, now: datetime, *, retry_after: float | None = None) -> datetime | None:
    """When to try again after `attempts` failures, or None when it is time to give up (after about a day)."""
    if not 1 <= attempts <= len(BACK_OFF_SECONDS):
        return None
    wait = max(BACK_OFF_SECONDS[attempts - 1], retry_after or 0)
    return now + timedelta(seconds=wait)

"""The durable door: raw bytes become a row before anybody is told that they arrived."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlmodel import col, select

from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.store.db import Unit


def record(
    unit: Unit,
    account: ChannelAccount,
    raw: bytes,
    *,
    external_id: str | None = None,
    meta: dict[str, Any] | None = None,
) -> InboundEvent | None:
    """The queued event, or None when this account has these very bytes (or this id) already."""
    identity = external_id or hashlib.sha256(raw).hexdigest()
    _lock(unit, account)
    there = unit.session.exec(
        select(InboundEvent.id).where(InboundEvent.account_id == account.id, InboundEvent.external_id == identity)
    ).first()
    if there is not None:
        return None
    event = InboundEvent(
        brand_id=account.brand_id,
        account_id=account.pk,
        external_id=identity,
        raw=raw,
        meta=meta or {},
        next_at=unit.now,
        received_at=unit.now,
    )
    unit.session.add(event)
    unit.session.flush()
    unit.tell("inbound_queued", account.brand_id, event=event.pk)
    return event


def quarantine(unit: Unit, event: InboundEvent, reason: str) -> None:
    """Set aside with its reason; nothing is lost and the next message is not held up."""
    event.state, event.reason, event.done_at, event.lease_until = "quarantined", reason[:2000], unit.now, None
    unit.tell("inbound_quarantined", event.brand_id, event=event.pk)


def retry(unit: Unit, event: InboundEvent) -> None:
    """Queue a quarantined event again."""
    event.state, event.reason, event.next_at, event.lease_until = "queued", None, unit.now, None
    unit.tell("inbound_queued", event.brand_id, event=event.pk)


def _lock(unit: Unit, account: ChannelAccount) -> None:
    """Two workers that hold the same bytes must not both find nothing; SQLite's writing unit is alone anyway."""
    if not unit.sqlite:
        unit.session.exec(select(ChannelAccount.id).where(col(ChannelAccount.id) == account.id).with_for_update())
